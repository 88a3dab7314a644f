// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/summary/summary_op.hpp>

TFX_BEGIN
namespace summary {

/// One number under a tag, as a float. NaN and infinities are written as they are.
struct scalar_summary_op : summary_op {
  static constexpr auto name = "ScalarSummary";

  static constexpr void infer(inference& call) {
    call.type = dtype::string;
    any_number(call, call.types[0]);
    if (call.shapes[0].is_known() && call.shapes[0].rank != 0)
      call.refuse(refusal_kind::shape_mismatch, dims{}, call.shapes[0]);
  }
  template <class Call>
  static void run(Call const& call) {
    message_writer out(static_cast<std::string&&>(*call.out()));
    std::size_t const value = out.begin(1);
    out.add(1, detail::tag_of<Call>.view());
    out.add_float(2, static_cast<float>(*call.template in<0>()));
    out.end(value);
    *call.out() = out.take();
  }
};

/// A curve of TensorBoard's: `auto s = summary::scalar<"Loss">(loss); writer.add_summary(sess.run(s), step);` The tag
/// is the name. `x` is a number of any real dtype, a tensor without axes; its value is written as a float.
template <name Name, expression X>
constexpr summary_result<scalar_summary_op, Name, words<>, X> scalar(X const& x) {
  return summarize<scalar_summary_op, Name, words<>>(x);
}
/// Inside functions over handles, under a name that may be composed: `scalar(name_of("layer", i, "/norm"), x)`.
template <untyped X>
constexpr X scalar(std::string_view name, X const& x) {
  return summarize<scalar_summary_op>(name, x);
}

}  // namespace summary
TFX_END
