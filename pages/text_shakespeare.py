"""Writing like Shakespeare with a recurrent network."""

from lib.sections.writing import text_page

text_page("text_shakespeare")
