"""Writing like Wikipedia with a recurrent network."""

from lib.sections.writing import text_page

text_page("text_wikipedia")
