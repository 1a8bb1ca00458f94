"""The parts that pages are made of; `page.experiment_page` puts them in their order."""
