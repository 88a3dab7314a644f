// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/summary/histogram_buckets.hpp>
#include <tfx/summary/summary_op.hpp>

TFX_BEGIN
namespace summary {

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_in_histogram(double value, char const* tag) {
  raise<errors::InvalidArgumentError>("%s in summary histogram for: %s", std::isnan(value) ? "Nan" : "Infinity", tag);
}
}  // namespace detail

/// How the elements of a tensor are distributed.
struct histogram_summary_op : summary_op {
  static constexpr auto name = "HistogramSummary";
  static constexpr op_traits traits{.may_fail = true};

  static constexpr void infer(inference& call) {
    call.type = dtype::string;
    any_number(call, call.types[0]);
  }
  template <class Call>
  static void run(Call const& call) {
    histogram_buckets buckets;
    auto const* const x = call.template in<0>();
    i64 const count = call.count(Call::in_shape(0));
    for (i64 i = 0; i < count; ++i) {
      double const value = static_cast<double>(x[i]);
      if (!std::isfinite(value)) detail::refuse_in_histogram(value, detail::tag_of<Call>.text);
      buckets.add(value);
    }
    message_writer out(static_cast<std::string&&>(*call.out()));
    std::size_t const value = out.begin(1);
    out.add(1, detail::tag_of<Call>.view());
    std::size_t const histogram = out.begin(5);
    buckets.write(out);
    out.end(histogram);
    out.end(value);
    *call.out() = out.take();
  }
};

/// How the elements of `x` are distributed, in TensorFlow's buckets: `summary::histogram<"w">(w)`. The tag is the name.
/// `x` is of any real dtype and any shape; a run that meets NaN or an infinity is refused with an InvalidArgumentError.
template <name Name, expression X>
constexpr summary_result<histogram_summary_op, Name, words<>, X> histogram(X const& x) {
  return summarize<histogram_summary_op, Name, words<>>(x);
}
/// Inside functions over handles, under a name that may be composed.
template <untyped X>
constexpr X histogram(std::string_view name, X const& x) {
  return summarize<histogram_summary_op>(name, x);
}

}  // namespace summary
TFX_END
