// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <tfx/base/raise.hpp>
#include <tfx/keras/callback.hpp>

TFX_BEGIN
namespace keras::callbacks::detail {

/// A number as Python writes it: the fewest digits that tell it, `0.1`, `1.0`, `1e-05`.
[[gnu::noinline]] inline std::string number_text(double value) {
  if (value != value) return "nan";
  if (value > std::numeric_limits<double>::max()) return "inf";
  if (value < -std::numeric_limits<double>::max()) return "-inf";
  char text[40];
  int digits = 1;
  do {
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
  } while (std::strtod(text, nullptr) != value && ++digits <= 17);
  int const exponent = std::atoi(text + std::string_view(text).find('e') + 1);
  if (exponent < -4 || exponent >= 16) return text;
  std::snprintf(text, sizeof text, "%.*f", digits - 1 - exponent > 1 ? digits - 1 - exponent : 1, value);
  return text;
}

/// A value that a callback watches, and whether another is better.
class monitor {
 public:
  monitor(char const* callback, std::string const& name, std::string const& mode) : name_(name) {
    if (mode != "auto" && mode != "min" && mode != "max")
      raise<errors::InvalidArgumentError>("%s: mode must be \"auto\", \"min\" or \"max\": \"%s\"", callback,
                                          mode.c_str());
    bool const is_accuracy = name.find("acc") != std::string::npos || name.rfind("fmeasure", 0) == 0;
    wants_more_ = mode == "max" || (mode == "auto" && is_accuracy);
  }
  std::string const& name() const { return name_; }
  /// What anything is better than.
  double worst() const {
    return wants_more_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  /// Whether a value is better by more than a margin.
  bool is_better(double value, double best, double margin = 0) const {
    return wants_more_ ? value - margin > best : value + margin < best;
  }
  /// The value of an epoch, or null, of which the first time warns.
  [[gnu::noinline]] double const* find(logs const& all, char const* warning) {
    double const* const found = all.find(name_);
    if (found || warned_) return found;
    warned_ = true;
    std::string available;
    for (log_entry const& l : all) available += (available.empty() ? "" : ",") + std::string(l.name);
    std::fprintf(stderr, "WARNING: ");
    std::fprintf(stderr, warning, name_.c_str(), available.c_str());
    std::fprintf(stderr, "\n");
    return nullptr;
  }

 private:
  std::string name_;
  bool wants_more_, warned_ = false;
};

}  // namespace keras::callbacks::detail
TFX_END
