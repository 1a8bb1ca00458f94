"""Object detection with MobileNetV2: photos and live video."""

from lib.tasks.detection.how_it_learnt import learnt_elsewhere
from lib.tasks.detection.inside import inside_detection
from lib.tasks.detection.try_it import choose_way, try_detection
from lib.tasks.detection.variants import memorised
from lib.tasks.detection.where_it_fails import where_detection_fails
from lib.ui.page import answering, experiment_page

experiment_page(
    "object_detection",
    live=answering(set_up=choose_way, try_it=try_detection, inside=inside_detection),
    how_it_learnt=learnt_elsewhere,
    where_it_fails=where_detection_fails,
    three_ways=memorised,
)
