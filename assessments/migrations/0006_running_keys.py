"""Keys and checks of tables that are already large: made beside running work, then taken over in a moment."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

ONE_ANSWER = models.UniqueConstraint(
    fields=("assessment", "question_key", "respondent"),
    nulls_distinct=False,
    name="a_question_has_one_answer_in_a_set",
)
ONE_ADDRESS = models.UniqueConstraint(
    fields=("assessment", "email"), condition=Q(user=None) & ~Q(email=""), name="an_address_responds_once"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("assessments", "0005_running")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS a_question_has_one_answer_in_a_set",
                        "CREATE UNIQUE INDEX CONCURRENTLY a_question_has_one_answer_in_a_set ON assessments_answer "
                        "(assessment_id, question_key, respondent_id) NULLS NOT DISTINCT",
                        "ALTER TABLE assessments_answer ADD CONSTRAINT a_question_has_one_answer_in_a_set "
                        "UNIQUE USING INDEX a_question_has_one_answer_in_a_set",
                    ],
                    "ALTER TABLE assessments_answer DROP CONSTRAINT IF EXISTS a_question_has_one_answer_in_a_set",
                ),
            ],
            state_operations=[migrations.AddConstraint(model_name="answer", constraint=ONE_ANSWER)],
        ),
        migrations.RemoveConstraint(model_name="answer", name="a_question_has_one_answer"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS an_address_responds_once",
                        "CREATE UNIQUE INDEX CONCURRENTLY an_address_responds_once ON assessments_respondent "
                        "(assessment_id, email) WHERE user_id IS NULL AND email <> ''",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS an_address_responds_once",
                ),
            ],
            state_operations=[migrations.AddConstraint(model_name="respondent", constraint=ONE_ADDRESS)],
        ),
        ValidateConstraint("assessment", "a_closed_assessment_was_released_or_ended"),
        ValidateConstraint("assessment", "a_reviewed_or_released_assessment_was_submitted"),
    ]
