"""Image classification with MobileNetV2, and classes of one's own."""

from lib.tasks.photos import how_it_learnt as transfer
from lib.tasks.photos import try_it as recognising
from lib.tasks.photos.inside import inside_photo
from lib.tasks.photos.variants import three_ways
from lib.tasks.photos.where_it_fails import where_it_fails
from lib.ui.page import experiment_page

experiment_page(
    "image_classification",
    set_up=recognising.choose_task,
    try_it=recognising.try_photo,
    how_it_learnt=transfer.learnt_elsewhere,
    where_it_fails=where_it_fails,
    three_ways=three_ways,
    inside=inside_photo,
)
