// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <tfx/keras/callback.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

TFX_BEGIN
namespace keras::callbacks {

/// Any function that takes the first of these arguments, or fewer, or none.
template <class... Argument>
class epoch_function {
 public:
  epoch_function() = default;
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, epoch_function>)
  epoch_function(F&& f) : held_(std::make_shared<holder<std::remove_cvref_t<F>>>(static_cast<F&&>(f))) {}

  void operator()(Argument... argument) const {
    if (held_) held_->call(argument...);
  }

 private:
  struct base {
    virtual ~base() = default;
    virtual void call(Argument... argument) = 0;
  };
  template <class F>
  struct holder final : base {
    F f;

    template <class G>
    explicit holder(G&& g) : f(static_cast<G&&>(g)) {}
    void call(Argument... argument) override { call_with(argument...); }
    // As many of the arguments as the function takes: what is left out goes from the end.
    template <class... A>
    void call_with(A&... argument) {
      if constexpr (std::is_invocable_v<F&, A&...>) {
        static_cast<void>(f(argument...));
      } else if constexpr (sizeof...(A) > 0) {
        call_without_last(std::make_index_sequence<sizeof...(A) - 1>{}, argument...);
      } else {
        static_assert(std::is_invocable_v<F&>,
                      "tfx: LambdaCallback takes functions of (epoch, logs, training_run&), of (batch, logs, "
                      "training_run&), or of fewer");
      }
    }
    template <std::size_t... I, class... A>
    void call_without_last(std::index_sequence<I...>, A&... argument) {
      [[maybe_unused]] auto const all = std::tie(argument...);
      call_with(std::get<I>(all)...);
    }
  };
  std::shared_ptr<base> held_;
};

struct lambda_callback_options {
  epoch_function<int, training_run&> on_epoch_begin = {};
  epoch_function<int, logs const&, training_run&> on_epoch_end = {};
  epoch_function<i64, training_run&> on_batch_begin = {};
  epoch_function<i64, logs const&, training_run&> on_batch_end = {};
  epoch_function<training_run&> on_train_begin = {};
  epoch_function<training_run&> on_train_end = {};
};
/// Calls functions of the program (python/keras/callbacks.py):
/// `LambdaCallback({.on_epoch_end = [&](int epoch, keras::logs const& logs) { … }})`. Each may also take the training
/// behind its arguments, or leave out the last of them. They do not save weights; a class of the program's own,
/// `struct Mine : keras::Callback`, does.
class LambdaCallback : public Callback {
 public:
  static constexpr bool needs_files = false;

  explicit LambdaCallback(lambda_callback_options functions) : call_(std::move(functions)) {}

  void on_train_begin(training_run& run) override { call_.on_train_begin(run); }
  void on_epoch_begin(int epoch, training_run& run) override { call_.on_epoch_begin(epoch, run); }
  void on_batch_begin(i64 batch, training_run& run) override { call_.on_batch_begin(batch, run); }
  void on_batch_end(i64 batch, logs const& all, training_run& run) override { call_.on_batch_end(batch, all, run); }
  void on_epoch_end(int epoch, logs const& all, training_run& run) override { call_.on_epoch_end(epoch, all, run); }
  void on_train_end(training_run& run) override { call_.on_train_end(run); }

 private:
  lambda_callback_options call_;
};

}  // namespace keras::callbacks
TFX_END
