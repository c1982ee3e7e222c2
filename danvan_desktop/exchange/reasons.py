"""The closed list of reasons for which a package is refused, each with its sentence for the officer.

The order is that of the verification (DESIGN §8.10); codes are part of the format and never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..kernel.errors import Refused

_NOTHING = "Chưa có dữ liệu nào được nhận vào;"

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "too_large": f"Gói dữ liệu vượt quá dung lượng hoặc số tệp cho phép. {_NOTHING} "
        "hãy đề nghị nơi gửi bớt tệp đính kèm rồi gửi lại.",
        "not_zip": f"Tệp này không phải là gói dữ liệu dân vận (.dvpkg). {_NOTHING} "
        "hãy chọn đúng tệp hoặc đề nghị nơi gửi gửi lại.",
        "zip_structure": f"Gói dữ liệu bị hỏng, bị cắt ngắn hoặc có cấu trúc không hợp lệ. {_NOTHING} "
        "hãy chép lại tệp từ nguồn, nếu vẫn hỏng thì đề nghị nơi gửi xuất lại.",
        "mimetype": f"Gói dữ liệu không khai báo đúng loại tệp theo quy định. {_NOTHING} "
        "hãy đề nghị nơi gửi xuất lại gói bằng chương trình.",
        "signature_missing": f"Gói dữ liệu không có hoặc thiếu chữ ký số bắt buộc. {_NOTHING} "
        "hãy đề nghị nơi gửi ký và xuất lại gói.",
        "signature_invalid": "Chữ ký số của gói không đúng: nội dung có thể đã bị sửa sau khi ký. "
        f"{_NOTHING} hãy liên hệ nơi gửi để nhận lại bản gốc.",
        "algorithm_weak": "Gói được ký bằng thuật toán hoặc khóa không đủ an toàn theo quy định. "
        f"{_NOTHING} hãy đề nghị nơi gửi tạo khóa mới rồi ký lại.",
        "signer_unknown": "Khóa ký của gói không thuộc cơ quan nào đã được xác nhận tại máy này. "
        f"{_NOTHING} nếu đúng là đơn vị của mình, hãy đối chiếu dấu vân tay qua điện thoại và xác nhận khóa trước.",
        "cert_expired": "Chứng thư ký gói đã hết hạn vào thời điểm nhận. "
        f"{_NOTHING} hãy đề nghị nơi gửi gia hạn khóa rồi ký lại.",
        "cert_not_yet_valid": "Chứng thư ký gói chưa có hiệu lực vào thời điểm nhận. "
        f"{_NOTHING} hãy kiểm tra ngày giờ của máy tính, sau đó hỏi lại nơi gửi.",
        "cert_usage": "Chứng thư kèm theo gói không được cấp để ký dữ liệu. "
        f"{_NOTHING} hãy đề nghị nơi gửi dùng đúng khóa ký của cơ quan.",
        "cert_revoked": "Khóa ký gói đã bị thu hồi và gói này chưa từng được nhận trước đó. "
        f"{_NOTHING} hãy liên hệ nơi gửi để xác minh và nhận gói ký bằng khóa mới.",
        "member_missing": "Gói thiếu tệp đã nêu trong bản kê có chữ ký, hoặc tệp bên trong đã bị đổi tên. "
        f"{_NOTHING} hãy đề nghị nơi gửi gửi lại gói nguyên vẹn.",
        "member_extra": "Gói có thêm tệp không nằm trong bản kê đã ký. "
        f"{_NOTHING} hãy đề nghị nơi gửi gửi lại gói nguyên vẹn.",
        "hash_mismatch": "Nội dung của tệp bên trong gói đã thay đổi so với bản kê đã ký. "
        f"{_NOTHING} hãy đề nghị nơi gửi gửi lại gói nguyên vẹn.",
        "manifest_invalid": "Bản kê các tệp của gói không đúng khuôn dạng quy định. "
        f"{_NOTHING} hãy đề nghị nơi gửi xuất lại gói bằng chương trình.",
        "format_newer": "Gói do phiên bản chương trình mới hơn lập nên máy này chưa đọc được. "
        f"{_NOTHING} hãy cập nhật chương trình rồi nhận lại.",
        "schema_invalid": "Dữ liệu trong gói không đúng khuôn dạng của loại gói này. "
        f"{_NOTHING} hãy đề nghị nơi gửi cập nhật chương trình và xuất lại gói.",
        "sender_mismatch": "Cơ quan ghi trong gói không phải là cơ quan giữ khóa đã ký gói. "
        f"{_NOTHING} hãy liên hệ nơi gửi để xác minh.",
        "not_for_us": "Gói này được gửi cho cơ quan khác, không phải cơ quan của máy này. "
        f"{_NOTHING} hãy chuyển tệp cho đúng nơi nhận.",
        "kind_not_allowed": "Nơi gửi không có quyền gửi loại gói này cho cơ quan ta. "
        f"{_NOTHING} hãy kiểm tra quan hệ cấp trên, cấp dưới trong phần Trao đổi dữ liệu.",
        "id_reused": "Mã của gói này đã được dùng cho một gói khác có nội dung khác. "
        f"{_NOTHING} gói đã nhận trước vẫn giữ nguyên, hãy liên hệ nơi gửi để làm rõ.",
        "fork": "Báo cáo này có hai bản sửa đổi khác nhau cho cùng một lần sửa. "
        f"{_NOTHING} bản đã nhận trước vẫn giữ nguyên, người phụ trách cần hỏi nơi gửi bản nào là đúng.",
    }
)

REASONS: tuple[str, ...] = tuple(SENTENCES)

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "verified": "Gói hợp lệ: chữ ký, nơi gửi và nội dung đều đúng.",
        "already_received": "Gói này đã được nhận trước đó; không có gì thay đổi.",
        "superseded": "Gói hợp lệ nhưng là bản cũ: được lưu vào lịch sử, không làm thay đổi số liệu hiện hành.",
        "refused": "Gói không được nhận.",
    }
)

NOTES: Mapping[str, str] = MappingProxyType(
    {
        "predecessor_unknown": "Chưa nhận được bản trước mà bản này thay thế.",
        "same_document": "Đã nhận đúng văn bản này trong một gói khác.",
        "subject_unknown": "Chưa nhận được báo cáo mà gói này nhắc đến.",
        "demo": "Dữ liệu trình diễn, không dùng cho công việc thật.",
        "signature_pkcs1v15": "Chữ ký dùng kiểu RSA PKCS#1 v1.5; nên chuyển sang RSASSA-PSS hoặc ECDSA.",
    }
)

_SEALED = MappingProxyType(
    {
        "too_large": SENTENCES["too_large"],
        "not_for_us": "Gói được mã hóa cho cơ quan khác nên máy này không mở được. "
        f"{_NOTHING} hãy chuyển tệp cho đúng nơi nhận, hoặc đề nghị nơi gửi mã hóa bằng khóa hiện hành của cơ quan ta.",
        "hash_mismatch": "Gói mã hóa bị hỏng hoặc đã bị sửa nên không mở được. "
        f"{_NOTHING} hãy chép lại tệp từ nguồn hoặc đề nghị nơi gửi gửi lại.",
    }
)


_ASIDE: Mapping[str, str] = MappingProxyType(
    {
        "evidence_open": "Gói có minh chứng kèm theo nhưng không được mã hóa cho cơ quan ta. "
        f"{_NOTHING} hãy đề nghị nơi gửi lập lại gói có mã hóa.",
        "evidence_program": "Gói kèm một tệp minh chứng là chương trình hoặc có lệnh chạy (macro). "
        f"{_NOTHING} hãy đề nghị nơi gửi lập lại gói không có tệp đó.",
        "evidence_secret": "Gói kèm một tệp minh chứng có dấu chỉ độ mật, chương trình này không dùng cho tài liệu bí "
        f"mật nhà nước. {_NOTHING} hãy xử lý tệp theo quy định và đề nghị nơi gửi lập lại gói không có tệp đó.",
    }
)
"""Sentences about evidence, of the reason ``schema_invalid``."""


class PackageRefused(Refused):
    """A package was not taken: ``reason`` is one of :data:`REASONS`; nothing of it may be used.

    ``say``: a sentence that tells more exactly what happened than that of the reason.
    """

    def __init__(self, reason: str, *, sealed: bool = False, say: str = "", **details: Any) -> None:
        super().__init__(reason, _ASIDE[say] if say else (_SEALED if sealed else SENTENCES)[reason], **details)

    @property
    def reason(self) -> str:
        return self.code
