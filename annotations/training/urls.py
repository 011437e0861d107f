from django.urls import path

from .views import coder, supervisor

urlpatterns = [
    path("", coder.training_own, name="training_own"),
    path("new/", supervisor.training_new, name="training_new"),
    path("unit/<int:trained>/", coder.training_unit, name="training_unit"),
    path("unit/<int:trained>/object/", coder.training_object, name="training_object"),
    path("<int:pk>/", supervisor.training, name="training"),
    path("<int:pk>/start/", supervisor.training_start, name="training_start"),
    path("<int:pk>/pass/", supervisor.training_pass, name="training_pass"),
    path("<int:pk>/key/", supervisor.training_key, name="training_key"),
]
