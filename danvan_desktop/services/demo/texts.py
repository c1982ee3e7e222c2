"""What the officers of the demonstration wrote themselves: assessment, tasks, proposals, per section of the outline."""

from __future__ import annotations

_CENTRE = {
    "assessment_strengths": "Công tác dân vận được gắn với nhiệm vụ tiếp nhận và giải quyết thủ tục hành chính; "
    "tỷ lệ hồ sơ trực tuyến tiếp tục được nâng lên, mức độ hài lòng của người dân được giữ ở mức cao.\n"
    "Mô hình “Ngày thứ Năm không hẹn: hướng dẫn dịch vụ công tận thôn” bước đầu được Nhân dân đồng tình.",
    "assessment_weaknesses": "Một bộ phận người cao tuổi chưa quen nộp hồ sơ trực tuyến, còn phải nhờ "
    "viên chức làm thay.\n"
    "Việc thanh toán trực tuyến phí, lệ phí chưa đồng đều giữa các lĩnh vực.",
    "assessment_causes": "- Khách quan: hạ tầng mạng ở một số thôn xa trung tâm chưa ổn định.\n"
    "- Chủ quan: công tác hướng dẫn tại thôn chưa thường xuyên, nhân lực của Trung tâm còn mỏng.",
    "assessment_lessons": "Đưa việc hướng dẫn về tận nhà văn hóa thôn mang lại hiệu quả hơn hướng dẫn tại quầy.",
    "tasks": "Duy trì mỗi tuần một buổi hướng dẫn dịch vụ công trực tuyến tại thôn.\n"
    "Công khai kịp thời kết quả giải quyết hồ sơ; thực hiện nghiêm việc xin lỗi khi để hồ sơ quá hạn.\n"
    "Tổ chức khảo sát mức độ hài lòng hằng tháng và khắc phục ngay các nội dung người dân chưa hài lòng.",
    "proposals": "Đề nghị Ủy ban nhân dân xã bổ sung một máy quét và đường truyền dự phòng cho Trung tâm.",
    "*": "Trung tâm tiếp tục thực hiện theo Kế hoạch của Ủy ban nhân dân xã.",
}
_HUB = {
    "context": "Từ ngày 01/7/2025, bộ máy của Ủy ban nhân dân xã (số liệu mẫu) gồm "
    "02 phòng chuyên môn, Văn phòng HĐND và UBND, Trung tâm Phục vụ hành chính công và Trung tâm Dịch vụ tổng hợp.\n"
    "Thuận lợi: Nhân dân đồng thuận với chủ trương sắp xếp tổ chức bộ máy; hạ tầng số từng bước được đầu tư. "
    "Khó khăn: địa bàn rộng, một số thôn xa trung tâm; khối lượng công việc của cấp xã tăng.",
    "assessment_strengths": "Công tác dân vận chính quyền được cấp ủy, chính quyền quan tâm chỉ đạo; "
    "các cơ quan, đơn vị đã cụ thể hóa thành kế hoạch, gắn với nhiệm vụ phát triển kinh tế - xã hội.\n"
    "Công tác tiếp công dân, đối thoại được thực hiện đúng lịch; phần lớn kiến nghị của Nhân dân được trả lời, "
    "giải quyết kịp thời.\n"
    "Phong trào thi đua “Dân vận khéo” có sức lan tỏa, nhiều mô hình được Nhân dân hưởng ứng.",
    "assessment_weaknesses": "Việc công khai một số nội dung còn chậm so với thời hạn quy định.\n"
    "Một số mô hình “Dân vận khéo” mới dừng ở bước đăng ký, chưa có kết quả cụ thể.",
    "assessment_causes": "- Khách quan: khối lượng công việc lớn sau khi tổ chức chính quyền địa phương 02 cấp.\n"
    "- Chủ quan: một số cơ quan, đơn vị chưa chủ động theo dõi thời hạn công khai; "
    "công tác đôn đốc có lúc chưa thường xuyên.",
    "assessment_lessons": "Người đứng đầu trực tiếp đối thoại và theo dõi đến cùng việc giải quyết kiến nghị "
    "là yếu tố quyết định.",
    "tasks": "Tiếp tục quán triệt, triển khai Chỉ thị số 33/CT-TTg và Kế hoạch công tác dân vận chính quyền năm 2026.\n"
    "Đôn đốc các cơ quan, đơn vị công khai đúng thời hạn theo Luật Thực hiện dân chủ ở cơ sở.\n"
    "Thực hiện nghiêm quy định mới về tiếp công dân, giải quyết khiếu nại, tố cáo có hiệu lực từ ngày 01/7/2026.\n"
    "Lựa chọn, công nhận và nhân rộng các mô hình “Dân vận khéo” có hiệu quả.",
    "proposals": "Đề nghị Sở Nội vụ tổ chức tập huấn nghiệp vụ công tác dân vận chính quyền cho công chức cấp xã.",
    "*": "Ủy ban nhân dân xã tiếp tục chỉ đạo thực hiện theo Kế hoạch đã ban hành.",
}
_UNIT = {
    "assessment_strengths": "Công tác dân vận được gắn với nhiệm vụ quản lý công trình thủy lợi, phòng, chống "
    "thiên tai; tập thể lãnh đạo Chi cục quan tâm thực hiện dân chủ trong cơ quan.",
    "assessment_weaknesses": "Việc đối thoại với hợp tác xã, tổ hợp tác dùng nước chưa thường xuyên.",
    "assessment_causes": "- Khách quan: địa bàn quản lý rộng.\n- Chủ quan: chưa chủ động lịch làm việc với cơ sở.",
    "assessment_lessons": "Thông báo sớm lịch điều tiết nước giúp giảm kiến nghị của Nhân dân.",
    "tasks": "Tổ chức gặp gỡ hợp tác xã dùng nước trước vụ Hè Thu.\n"
    "Công khai đầy đủ các nội dung theo quy định trong cơ quan.",
    "proposals": "Đề nghị Sở tổ chức tập huấn kỹ năng dân vận cho viên chức quản lý công trình.",
    "*": "Chi cục tiếp tục thực hiện theo Kế hoạch của Sở.",
}
_DEPARTMENT = {
    "assessment_strengths": "Các phòng, đơn vị thuộc Sở triển khai kịp thời Kế hoạch công tác dân vận năm 2026; "
    "hội nghị cán bộ, công chức, viên chức được tổ chức nghiêm túc.\n"
    "Lịch tiếp công dân của Giám đốc Sở được duy trì hằng tháng.",
    "assessment_weaknesses": "Một số đơn vị báo cáo còn chung chung, ít số liệu cụ thể.",
    "assessment_causes": "- Khách quan: nhiều đơn vị mới sắp xếp.\n- Chủ quan: công tác đôn đốc có lúc chưa kịp thời.",
    "assessment_lessons": "Giao nhiệm vụ có thời hạn, có người chịu trách nhiệm thì kết quả rõ hơn.",
    "tasks": "Tiếp tục đôn đốc các đơn vị thực hiện Kế hoạch; kiểm tra công vụ quý III.\n"
    "Đăng ký và cử công chức, viên chức dự tập huấn nghiệp vụ dân vận.",
    "proposals": "Đề nghị Sở Nội vụ sớm mở lớp tập huấn cho các sở, ngành.",
    "*": "Sở tiếp tục chỉ đạo các đơn vị thực hiện theo Kế hoạch đã ban hành.",
}
# home → section key → text; "*" where the outline asks for something not named here
MANUAL = {"ttpvhcc": _CENTRE, "vhxh": _HUB, "chicuc": _UNIT, "so": _DEPARTMENT}
