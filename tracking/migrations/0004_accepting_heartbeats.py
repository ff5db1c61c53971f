import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0003_life_of_a_run'),
    ]

    operations = [
        migrations.RenameField(
            model_name='livenesswatch',
            old_name='looking_since',
            new_name='accepting_since',
        ),
        migrations.AddField(
            model_name='livenesswatch',
            name='accepted_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
