// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution.hpp>
#include <tfx/kernel/convolution_filter.hpp>
#include <tfx/op/nn/convolution.hpp>

TFX_BEGIN

/// The sums of products of an image with a filter at each place of the filter's window (a cross-correlation). With
/// dy of their shape, dimage and dfilter are conv2d_backprop_input and conv2d_backprop_filter.
struct conv2d_op : convolution_op {
  static constexpr auto name = "Conv2D";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &filter = call.shapes[1];
    if (!accepts_filter(call, filter)) return;
    agree_channels(call, x[3], filter[2], x, filter);
    window const along = attributes(call.attributes()).over(filter);
    dims const out{4, {x[0], places(call, along, 0, x, filter), places(call, along, 1, x, filter), filter[3]}};
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call);
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(result, shapes[1]);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const &x = call.shape(0), &filter = call.shape(1);
    window_axis const along = attributes(call.attributes()).over(filter)[1];
    add_padded(call, call.type(0), 1, x[1], x[2], x[3],
               x[2] >= 0 ? kernel::padding_of(along, x[2]).total() : kernel::most_padding(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), filter = Call::in_shape(1), out = result_shape<Call>();
    constexpr kernel::convolution known = facts(Call::attributes(), x, filter, out);
    if (call.count(x, 0, 1) * call.count(filter, 3, 4) == 0) return;
    kernel::convolve<T, known>(readable<T>(call.template in<0>(), call.count(x), to),
                               readable<T>(call.template in<1>(), call.count(filter), to), to, extents(call, x, out),
                               call.scratch(), epilogue);
  }
  /// Of which a kernel with an epilogue has no description.
  template <class Call>
  static constexpr dims result_shape() {
    dims out = Call::in_shape(0);
    out[3] = Call::in_shape(1)[3];
    return out;
  }
};

/// An image, by what its pixels meet: the gradient of conv2d for it, and conv2d_transpose. Inputs: the filter, dy.
/// Words: the window, the extents of the image, -1 for what follows.
struct conv2d_backprop_input_op : convolution_op {
  static constexpr auto name = "Conv2DBackpropInput";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv2DBackpropInput: filter and out_backprop do not fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &filter = call.shapes[0], &dy = call.shapes[1];
    if (!accepts_filter(call, filter)) return;
    agree_channels(call, dy[3], filter[3], dy, filter);
    attributes const told(call.attributes());
    window const along = told.over(filter);
    if (told.result.rank != 4) return call.refuse(refusal_kind::rank, dy, told.result);
    dims out{4, {}};
    for (int i = 0; i < 4; ++i) {
      bool const follows = told.result[i] == dims::unknown;
      i64 const extent = follows ? 0 : call.spelled(told.result[i]);
      if (i == 0) out[i] = follows ? dy[0] : call.agree(extent, dy[0], told.result, dy);
      if (i == 3) out[i] = follows ? filter[2] : agree_channels(call, extent, filter[2], told.result, filter);
      if (i == 0 || i == 3) continue;
      out[i] = follows ? extent_over(call, along[i - 1], dy[i]) : extent;
    }
    for (int i = 0; i < 2; ++i) call.agree(places(call, along, i, out, filter), dy[i + 1], out, dy);
    if (!call.failed()) call.shape = out;
  }
  /// The extent that a window goes over in n places: as Keras has it.
  static constexpr i64 extent_over(inference& call, window_axis const& along, i64 n) {
    i64 const over = along.reach() > along.stride ? along.reach() - along.stride : 0;
    i64 const more = along.padding == padding_kind::same ? 0 : over - along.told_before - along.told_after;
    i64 const strides = call.derived(extent_rule::multiply, n, along.stride);
    return more < 0 ? call.derived(extent_rule::subtract, strides, -more)
                    : call.derived(extent_rule::add, strides, more);
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const&, attribute_words) {
    return flops_of(shapes[1], shapes[0]);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const &filter = call.shape(0), &dy = call.shape(1);
    attributes const told(call.attributes());
    window_axis const along = told.over(filter)[1];
    i64 const width = told.result[2];
    call.add(call.type(0), filter);
    bool const is_known = width >= 0 && dy[2] >= 0;
    add_padded(call, call.type(0), 1, dy[1], dy[2], dy[3],
               is_known ? kernel::padding_back(along, width).total() : kernel::most_padding_back(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims filter = Call::in_shape(0), dy = Call::in_shape(1), image = attributes(Call::attributes()).result;
    constexpr kernel::convolution known = facts(Call::attributes(), image, filter, dy);
    if (call.count(image) == 0) return;
    kernel::convolve_back<T, known>(readable<T>(call.template in<0>(), call.count(filter), to),
                                    readable<T>(call.template in<1>(), call.count(dy), to), to,
                                    extents(call, image, dy), call.template scratch<0>(), call.template scratch<1>(),
                                    epilogue);
  }
};

/// A filter, by what its numbers meet: the gradient of conv2d for it. Inputs: the image, dy. Words: the window, the
/// extents of the filter.
struct conv2d_backprop_filter_op : convolution_op {
  static constexpr auto name = "Conv2DBackpropFilter";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv2DBackpropFilter: input and out_backprop do not fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &dy = call.shapes[1];
    attributes const told(call.attributes());
    dims filter = told.result;
    if (filter.rank != 4) return call.refuse(refusal_kind::rank, x, filter);
    for (int i = 0; i < 4; ++i) filter[i] = call.spelled(filter[i]);
    if (!accepts_filter(call, filter)) return;
    filter[2] = agree_channels(call, filter[2], x[3], x, filter);
    filter[3] = agree_channels(call, filter[3], dy[3], dy, filter);
    call.agree(x[0], dy[0], x, dy);
    window const along = told.over(filter);
    for (int i = 0; i < 2; ++i) call.agree(places(call, along, i, x, filter), dy[i + 1], x, dy);
    if (!call.failed()) call.shape = filter;
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(shapes[1], result);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const x = call.shape(0), dy = call.shape(1);
    attributes const told(call.attributes());
    dims const filter = told.result;
    // What is kept of the parts that are summed up has no memory where an epilogue takes the results.
    if (call.has_epilogue) call.add(call.type(0), filter);
    window_axis const along = told.over(filter)[1];
    kernel::convolution const known = facts(call.attributes(), x, filter, dy);
    add_padded(call, call.type(0), kernel::images_together(known, bytes_of(call.type(0))), x[1], x[2], x[3],
               x[2] >= 0 ? kernel::padding_of(along, x[2]).total() : kernel::most_padding(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), dy = Call::in_shape(1), filter = attributes(Call::attributes()).result;
    constexpr kernel::convolution known = facts(Call::attributes(), x, filter, dy);
    constexpr int padded = Call::has_epilogue ? 1 : 0;
    if (call.count(filter) == 0) return;
    kernel::convolve_filter<T, known>(readable<T>(call.template in<0>(), call.count(x), to),
                                      readable<T>(call.template in<1>(), call.count(dy), to), to, extents(call, x, dy),
                                      call.template scratch<padded>(), epilogue);
  }
};

constexpr void conv2d_op::gradient(auto& call) {
  auto const x = call.x(0), filter = call.x(1), dy = call.dy;
  list const image = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<conv2d_backprop_input_op>(image.at, image.count, filter, dy);
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[1] = add_node<conv2d_backprop_filter_op>(weights.at, weights.count, x, dy);
}
constexpr void conv2d_backprop_input_op::gradient(auto& call) {
  auto const filter = call.x(0), dy = call.x(1), g = call.dy;
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[0] = add_node<conv2d_backprop_filter_op>(weights.at, weights.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<conv2d_op>(along.at, along.count, g, filter);
}
constexpr void conv2d_backprop_filter_op::gradient(auto& call) {
  auto const x = call.x(0), dy = call.x(1), g = call.dy;
  list const image = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<conv2d_backprop_input_op>(image.at, image.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<conv2d_op>(along.at, along.count, x, g);
}

namespace nn {
/// Each filter at each place of an image, a cross-correlation: image [n, h, w, c] and filter [kh, kw, c, f] make
/// [n, oh, ow, f], with out[n, y, x, f] = Σ image[n, y·s + ky·d − before, x·s + kx·d − before, c] · filter[ky, kx, c,
/// f]. `padding::SAME`: oh = ⌈h/s⌉; `VALID`: ⌈(h − (kh − 1)·d)/s⌉; `EXPLICIT<top, bottom, left, right>` counts h with
/// them. `nn::conv2d(image, filter, strides<1, 1>, padding::SAME)`, and `dilations<2, 2>` as the last argument. float
/// and double; kh and kw are numbers. TensorFlow: Conv2D.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<conv2d_op, Name,
                      detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>, X, W>
conv2d(X const& image, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<conv2d_op, Name,
               detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(image, filter);
}
}  // namespace nn

TFX_END
