from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0003_jobs_under_way")]

    operations = [
        migrations.AddField(
            model_name="coding",
            name="skipped_at",
            field=models.DateTimeField(help_text="the coder left it for later", null=True),
        ),
        migrations.AddField(
            model_name="code",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "nothing was proposed"),
                    ("confirmed", "the proposal was confirmed"),
                    ("changed", "another answer than was proposed"),
                ],
                default="",
                max_length=9,
            ),
        ),
    ]
