from django.urls import path

from . import views

urlpatterns = [
    path("", views.conversations, name="conversations"),
    path("<int:number>/", views.conversation, name="conversation"),
    path("<int:number>/role/<int:pk>/", views.account_role, name="account_role"),
    path("<int:number>/context/<int:pk>/", views.context, name="message_context"),
]
