"""How fields are drawn: label, hint, mistake above the field and tied to it."""

from django import forms
from django.template import engines

from portal.web.forms import PortalFormRenderer, widget_class


class Sample(forms.Form):
    name = forms.CharField(
        help_text="As the client writes it.", widget=forms.TextInput(attrs={"class": "form-control-sm"})
    )
    email = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "<b>Large</b>")], widget=forms.RadioSelect)
    agree = forms.BooleanField()
    weekly = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}))
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(source: str, form: forms.Form) -> str:
    return engines["django"].from_string(source).render({"form": form})


def test_our_renderer_is_the_one_in_use() -> None:
    assert isinstance(Sample().renderer, PortalFormRenderer)


def test_a_field_has_label_hint_and_class() -> None:
    html = drawn("{% field form.name %}", Sample())
    assert '<label class="field-label" for="id_name">Name</label>' in html
    assert '<div class="field-hint" id="id_name_helptext">As the client writes it.</div>' in html
    assert 'class="form-control form-control-sm"' in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_a_mistake_stands_above_the_field_and_is_tied_to_it() -> None:
    html = drawn("{% field form.email %}", Sample({"email": "priya@"}))
    assert "has-error" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert html.index('id="id_email_error"') < html.index("<input")
    assert 'value="priya@"' in html


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    assert "(optional)" in drawn("{% field form.email %}", Sample())
    assert "(optional)" not in drawn("{% field form.name %}", Sample())


def test_choices_are_a_group_with_a_legend() -> None:
    html = drawn("{% field form.size %}", Sample())
    assert "<legend>Size</legend>" in html
    assert html.count('class="form-check-input"') == 2
    assert "<b>Large</b>" not in html


def test_a_checkbox_stands_before_its_label_and_a_switch_is_no_checkbox() -> None:
    html = drawn("{% field form.agree %}", Sample())
    assert html.index("<input") < html.index("<label")
    assert 'class="switch"' in drawn("{% field form.weekly %}", Sample())
    assert "form-check-input" not in drawn("{% field form.weekly %}", Sample())


def test_a_password_can_be_shown() -> None:
    html = drawn("{% field form.password %}", Sample())
    assert "data-password-toggle" in html
    assert 'aria-controls="id_password"' in html


def test_a_hidden_field_has_no_frame_and_a_missing_one_nothing() -> None:
    assert drawn("{% field form.token %}", Sample()) == '<input type="hidden" name="token" id="id_token">'
    assert drawn("{% field form.nothing %}", Sample()) == ""


def test_the_hint_can_be_left_out() -> None:
    html = drawn('{% field form.name hint="" %}', Sample())
    assert "field-hint" not in html
    assert "aria-describedby" not in html


def test_the_summary_links_every_mistake_to_its_field() -> None:
    form = Sample({"email": "priya@", "name": "x", "password": "x"})
    form.add_error(None, "These do not fit together.")
    html = drawn("{% error_summary form %}", form)
    assert "These do not fit together." in html
    assert 'href="#id_email"' in html
    assert 'href="#id_size_0"' in html
    assert "autofocus" in html


def test_the_summary_of_a_good_form_is_nothing() -> None:
    assert drawn("{% error_summary form %}", Sample()).strip() == ""
    assert drawn("{% error_summary form.nothing %}", Sample()).strip() == ""


def test_a_form_drawn_whole_uses_the_same_fields() -> None:
    html = str(Sample())
    assert html.count('class="field') >= 6
    assert html.count("<input") == 8


def test_only_what_is_typed_into_looks_like_a_box() -> None:
    assert widget_class(forms.NumberInput()) == "form-control"
    assert widget_class(forms.Textarea()) == "form-control"
    assert widget_class(forms.SelectMultiple()) == "form-select"
    assert widget_class(forms.FileInput()) == ""
    assert widget_class(forms.HiddenInput()) == ""
