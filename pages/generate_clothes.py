"""Drawing clothes: pictures that come out of noise."""

from lib.tasks.generation.page import generation_page

generation_page("generate_clothes")
