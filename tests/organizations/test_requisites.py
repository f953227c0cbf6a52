"""Checksums of Russian registration numbers, on real ones."""

import pytest
from django.core.exceptions import ValidationError

from organizations.requisites import check_inn, check_kpp, check_ogrn


@pytest.mark.parametrize("inn", ["7707083893", "7736050003", "7736207543", "7702070139", "500100732259"])
def test_a_real_inn_passes(inn):
    check_inn(inn)  # Сбербанк, Газпром, Яндекс, ВТБ, and the example of a person's INN


@pytest.mark.parametrize(
    "inn",
    [
        "7707083894",
        "770708389",
        "77070838930",
        "500100732258",
        "500100732249",
        "77070838OO",
        "７７０７０８３８９３",
    ],
)
def test_an_inn_with_a_mistake_is_refused(inn):
    with pytest.raises(ValidationError):
        check_inn(inn)


@pytest.mark.parametrize("ogrn", ["1027700132195", "1027700070518", "1027700229193", "304500116000157"])
def test_a_real_ogrn_passes(ogrn):
    check_ogrn(ogrn)  # Сбербанк, Газпром, Яндекс, an OGRNIP


@pytest.mark.parametrize("ogrn", ["1027700132196", "102770013219", "304500116000158", "10277001321950"])
def test_an_ogrn_with_a_mistake_is_refused(ogrn):
    with pytest.raises(ValidationError):
        check_ogrn(ogrn)


@pytest.mark.parametrize(("kpp", "is_right"), [("773601001", True), ("7736AB001", True), ("77360100", False)])
def test_a_kpp_has_its_form(kpp, is_right):
    if is_right:
        check_kpp(kpp)
    else:
        with pytest.raises(ValidationError):
            check_kpp(kpp)
