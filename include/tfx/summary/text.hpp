// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/summary/summary_op.hpp>

TFX_BEGIN
namespace summary {

/// Strings under a tag, as a tensor that TensorBoard's text plugin reads.
struct text_summary_op : summary_op {
  static constexpr auto name = "TensorSummaryV2";

  static constexpr void infer(inference& call) {
    call.type = dtype::string;
    if (call.types[0] != dtype::string) call.refuse_types(refusal_kind::dtype_mismatch, dtype::string, call.types[0]);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims shape = Call::in_shape(0);
    message_writer out(static_cast<std::string&&>(*call.out()));
    std::size_t const value = out.begin(1);
    out.add(1, detail::tag_of<Call>.view());
    std::size_t const tensor = out.begin(8);
    out.add_number(1, static_cast<i64>(dtype::string));
    std::size_t const extents = out.begin(2);
    for (int i = 0; i < shape.rank; ++i) {
      std::size_t const extent = out.begin(2);
      if (i64 const n = call.extent(shape[i]); n > 0) out.add_number(1, n);
      out.end(extent);
    }
    out.end(extents);
    std::string const* const texts = call.template in<0>();
    i64 const count = call.count(shape);
    for (i64 i = 0; i < count; ++i) out.add(8, texts[i]);
    out.end(tensor);
    std::size_t const metadata = out.begin(9), plugin = out.begin(1);
    out.add(1, "text");
    out.end(plugin);
    out.end(metadata);
    out.end(value);
    *call.out() = out.take();
  }
};

/// Texts for TensorBoard, which reads them as Markdown, and a tensor of two axes as a table:
/// `summary::text<"notes">(constant("learning rate 0.5"))`. The tag is the name; any shape.
template <name Name, expression X>
constexpr summary_result<text_summary_op, Name, words<>, X> text(X const& x) {
  return summarize<text_summary_op, Name, words<>>(x);
}
/// Inside functions over handles, under a name that may be composed.
template <untyped X>
constexpr X text(std::string_view name, X const& x) {
  return summarize<text_summary_op>(name, x);
}

}  // namespace summary
TFX_END
