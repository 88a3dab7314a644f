// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/extent.hpp>
#include <tfx/kernel/pool_gradient.hpp>

TFX_BEGIN

/// What pools and their derivatives share. Words: those of a window (shape/window.hpp), and where a rule says so the
/// extents of the images.
struct pool_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr window window_of(attribute_words w) { return window(w); }

  /// The shape of what windows make of images `x`.
  static constexpr void infer_places(inference& call, dims const& x, attribute_words words) {
    window const w(words);
    dims size;
    for (int i = 0; i < w.axes; ++i) size.push_back(w[i].size);
    if (x.rank != w.axes + 2) return call.refuse(refusal_kind::rank, x, size);
    call.shape.push_back(x[0]);
    for (int i = 0; i < w.axes && !call.failed(); ++i) call.shape.push_back(w[i].places(call, x[1 + i], x, size));
    call.shape.push_back(x[x.rank - 1]);
  }
  /// One operation for each element of each window, whose places are those of `windows`.
  static constexpr double count_flops(dims const& windows, window const& w) {
    double each = 1;
    for (int i = 0; i < w.axes; ++i) each *= static_cast<double>(w[i].size);
    return each * static_cast<double>(windows.count());
  }
  /// `Op` with the words of the call's window, on handles.
  template <class Op, class... X>
  static constexpr handle with_window(auto& call, X const&... x) {
    attribute_words const from = call.attributes();
    i64 words[1 + window::most_axes * window::words_of_axis] = {};
    for (int i = 0; i < from.count; ++i) words[i] = from[i];
    return add_node<Op>(words, from.count, x...);
  }

  /// How many channels images `x` have, as far as the compiler knows.
  static constexpr i64 channels(dims const& x) { return x[x.rank - 1] >= 0 ? x[x.rank - 1] : kernel::dynamic; }
};

/// What a pool is: a result for each place of a window.
template <class Rule>
struct window_pool_op : pool_op {
  static constexpr double flops(dims const*, dims const& result, attribute_words w) {
    return count_flops(result, window(w));
  }
  template <class Call>
  static void run(Call const& call) {
    using window_type = kernel::pool_window<Call>;
    constexpr dims x = Call::in_shape(0);
    auto const e = kernel::extents_of<window_type>(call, x);
    auto const part = call.share(e.images * e.places[0]);
    kernel::pool<Rule, window_type, channels(x)>(call.template in<0>(), call.out(), e, part.begin, part.end);
  }
};

namespace detail {
template <class Size, class Strides, class Padding>
struct pool_words;
template <i64... K, i64... S, padding_kind Kind, i64... P>
struct pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>> {
  static constexpr bool padding_is_smaller() {
    constexpr i64 size[] = {K..., 1}, pads[] = {P..., 0};
    for (std::size_t i = 0; i < sizeof...(P); ++i)
      if (pads[i] >= size[i / 2]) return false;
    return true;
  }
  static_assert(padding_is_smaller(), "pool: explicit padding is smaller than the window");
  using type = tfx::window_words<words, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>, dilations_t<>>;
};
}  // namespace detail

TFX_END
