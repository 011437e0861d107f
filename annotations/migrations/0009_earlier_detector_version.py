from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0008_kept_contradictions'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='earlier_detector_version',
            field=models.CharField(blank=True, default='', help_text='of the messages from before an import with a newer detector, until they are scanned again', max_length=20),
            preserve_default=False,
        ),
    ]
