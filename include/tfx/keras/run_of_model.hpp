// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph.hpp>
#include <tfx/keras/callback.hpp>
#include <tfx/keras/weights.hpp>
#include <tfx/session/session.hpp>

TFX_BEGIN
namespace keras::detail {

/// The training of a model, as callbacks see it; what writes files is left out where none of them needs it.
template <class Trainer, class Facts, bool NeedsFiles>
class run_of_model final : public training_run {
 public:
  explicit run_of_model(Trainer const& of) : of_(of) {}

  void save_weights([[maybe_unused]] std::string const& path) override {
    if constexpr (NeedsFiles) {
      of_.model().save_weights(path);
    } else {
      refuse_files();
    }
  }
  void save([[maybe_unused]] std::string const& path) override {
    if constexpr (NeedsFiles) {
      of_.save(path);
    } else {
      refuse_files();
    }
  }
  void keep_weights(std::vector<char>& kept) const override {
    kept.clear();
    for (int i = 0; i < Facts::count.weights; ++i) {
      auto const* const from = static_cast<char const*>(memory(i));
      kept.insert(kept.end(), from, from + bytes(i));
    }
  }
  void restore_weights(std::vector<char> const& kept) override {
    std::size_t at = 0;
    for (int i = 0; i < Facts::count.weights && at < kept.size(); at += bytes(i++))
      std::memcpy(memory(i), kept.data() + at, bytes(i));
  }
  bool has_lr() const override { return has_rate; }
  double lr() const override {
    if constexpr (has_rate) {
      return static_cast<double>(*rate());
    } else {
      return 0;
    }
  }
  void set_lr(double value) override {
    if constexpr (has_rate) {
      *rate() = static_cast<std::remove_reference_t<decltype(*rate())>>(value);
    } else {
      static_cast<void>(value);
      raise<errors::InvalidArgumentError>("Optimizer must have a \"lr\" attribute: take one of keras::optimizers.");
    }
  }
  int weight_count() const override { return Facts::count.weights; }
  std::string_view weight_name(int i) const override { return Facts::facts.weights[i].name; }
  std::vector<double> weight_values(int i) const override {
    saved_variable const& w = Facts::facts.weights[i];
    std::vector<double> values(static_cast<std::size_t>(w.shape.count()));
    if (w.type == dtype::float64) {
      auto const* const from = static_cast<double const*>(memory(i));
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = from[k];
    } else {
      auto const* const from = static_cast<float const*>(memory(i));
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<double>(from[k]);
    }
    return values;
  }
  std::string graph_def() const override {
    if constexpr (NeedsFiles) {
      return of_.graph_def();
    } else {
      refuse_files();
    }
  }

 private:
  [[noreturn]] static void refuse_files() {
    raise<errors::FailedPreconditionError>(
        "a callback whose needs_files is false asks for the weights' files or the graph");
  }
  static constexpr bool has_rate = requires(Trainer const& t) { t.optimizer().lr(); };
  Trainer const& of_;

  void* memory(int i) const { return memory_of(tfx::detail::state_of(of_.model().session()), Facts::facts.weights[i]); }
  static std::size_t bytes(int i) {
    saved_variable const& w = Facts::facts.weights[i];
    return static_cast<std::size_t>(w.shape.count() * bytes_of(w.type));
  }
  auto* rate() const {
    using V = std::remove_cvref_t<decltype(of_.optimizer().lr())>;
    static constexpr descriptor const& d = *lookup(key<V::hash>{});
    static constexpr saved_variable known{variable_key(d), d.type, *d.shape, d.name};
    return static_cast<typename V::value_type*>(memory_of(tfx::detail::state_of(of_.model().session()), known));
  }
};

}  // namespace keras::detail
TFX_END
