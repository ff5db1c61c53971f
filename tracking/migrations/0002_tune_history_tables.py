from django.db import migrations


def tune_postgresql(apps, schema_editor):
    """Half-empty pages for rows that every request updates; no second compression of what is packed already."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE hist SET (fillfactor = 50)")
    schema_editor.execute("ALTER TABLE hist_tail ALTER COLUMN data SET STORAGE EXTERNAL")
    for column in ("level2", "level1", "raw"):
        schema_editor.execute(f"ALTER TABLE hist_chunk ALTER COLUMN {column} SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial")]

    operations = [migrations.RunPython(tune_postgresql, migrations.RunPython.noop)]
