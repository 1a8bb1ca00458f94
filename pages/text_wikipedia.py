"""Writing like Wikipedia with a recurrent network."""

from lib.tasks.texts.try_it import text_page

text_page("text_wikipedia")
