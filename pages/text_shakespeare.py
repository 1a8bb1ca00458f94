"""Writing like Shakespeare with a recurrent network."""

from lib.tasks.texts.page import text_page

text_page("text_shakespeare")
