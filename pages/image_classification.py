"""Image classification with MobileNetV2, and classes of one's own."""

from lib.tasks.photos.how_it_learnt import learnt_elsewhere
from lib.tasks.photos.inside import inside_photo
from lib.tasks.photos.try_it import choose_task, try_photo
from lib.tasks.photos.variants import three_ways
from lib.tasks.photos.where_it_fails import where_it_fails
from lib.ui.page import answering, experiment_page

experiment_page(
    "image_classification",
    live=answering(set_up=choose_task, try_it=try_photo, inside=inside_photo),
    how_it_learnt=learnt_elsewhere,
    where_it_fails=where_it_fails,
    three_ways=three_ways,
)
