"""The bodies whose papers are written at the windows of the demo township, with code words and seals. All invented."""

from officials.models import IssuingBody, Township

# Name as the items give it, code word, seal for receipt and acceptance, seal for decisions.
BODIES = (
    ("栖禾镇人民政府", "栖政", "栖禾镇人民政府政务服务专用章", "栖禾镇人民政府(公章)"),
    ("栖禾镇人民调解委员会", "栖调", "栖禾镇人民调解委员会(公章)", "栖禾镇人民调解委员会(公章)"),
    ("槐序县公安局栖禾派出所", "槐公栖", "槐序县公安局栖禾派出所户口专用章", "槐序县公安局栖禾派出所户口专用章"),
    ("槐序县公安局", "槐公", "槐序县公安局栖禾派出所户口专用章", "槐序县公安局(公章)"),
    ("槐序县市场监督管理局", "槐市监", "槐序县市场监督管理局行政审批专用章", "槐序县市场监督管理局行政审批专用章"),
    ("槐序县林业局", "槐林", "槐序县林业局行政审批专用章", "槐序县林业局行政审批专用章"),
)


def make(township: Township) -> None:
    """Inside a verb of the loader. County bodies that decide elsewhere have no row: their papers are not written here."""
    for name, code_word, business_seal, decision_seal in BODIES:
        IssuingBody(
            township=township, name=name, code_word=code_word, acts_here=True, business_seal=business_seal, decision_seal=decision_seal
        ).save()
