// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/evaluation.hpp>
#include <tfx/inspect/protobuf.hpp>
#include <tfx/summary/file_writer.hpp>

TFX_BEGIN
namespace estimator::detail {

/// A number under a tag, as a Summary.
inline void add_value(message_writer& summary, std::string const& tag, double value) {
  std::size_t const inner = summary.begin(1);
  summary.add(1, tag);
  summary.add_float(2, static_cast<float>(value));
  summary.end(inner);
}
[[gnu::noinline]] inline void log_value(summary::FileWriter& writer, char const* tag, double value, i64 step) {
  message_writer summary;
  add_value(summary, tag, value);
  writer.add_summary(summary.bytes(), step);
}
/// All that an evaluation found, but for the step, at which it stands.
[[gnu::noinline]] inline void log_evaluation(std::string const& folder, evaluation const& found, i64 step) {
  message_writer summary;
  for (auto const& [tag, value] : found)
    if (tag != "global_step") add_value(summary, tag, value);
  summary::FileWriter writer(folder);
  writer.add_summary(summary.bytes(), step);
  writer.close();
}

}  // namespace estimator::detail
TFX_END
