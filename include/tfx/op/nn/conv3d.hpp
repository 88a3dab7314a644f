// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/conv2d.hpp>
#include <tfx/op/nn/convolution3d.hpp>

TFX_BEGIN

/// The sums of products of a volume with a filter at each place of the filter's window (a cross-correlation). With
/// dy of their shape, dvolume and dfilter are conv3d_backprop_input and conv3d_backprop_filter.
struct conv3d_op : volume_convolution_op {
  static constexpr auto name = "Conv3D";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &filter = call.shapes[1];
    if (!accepts_filter(call, filter)) return;
    agree_channels(call, x[4], filter[3], x, filter);
    window const along = attributes(call.attributes()).over(filter);
    dims out{1, {x[0]}};
    for (int i = 0; i < axes; ++i) out.push_back(places(call, along, i, x, filter));
    out.push_back(filter[4]);
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call);
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(result, shapes[1]);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const &x = call.shape(0), &filter = call.shape(1);
    window_axis const along = attributes(call.attributes()).over(filter)[2];
    add_padded(call, x, x[3] >= 0 ? kernel::padding_of(along, x[3]).total() : kernel::most_padding(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), filter = Call::in_shape(1), out = result_shape<Call>();
    constexpr kernel::volume_convolution known = facts(Call::attributes(), x, filter, out);
    if (call.count(x, 0, 1) * call.count(filter, 4, 5) == 0) return;
    kernel::convolve_volumes<T, known>(readable<T>(call.template in<0>(), call.count(x), to),
                                       readable<T>(call.template in<1>(), call.count(filter), to), to,
                                       extents(call, x, out), call.scratch(), epilogue);
  }
  /// Of which a kernel with an epilogue has no description.
  template <class Call>
  static constexpr dims result_shape() {
    dims out = Call::in_shape(0);
    out[4] = Call::in_shape(1)[4];
    return out;
  }
};

/// A volume, by what its voxels meet: the gradient of conv3d for it, and conv3d_transpose. Inputs: the filter, dy.
/// Words: the window, the extents of the volume, -1 for what follows.
struct conv3d_backprop_input_op : volume_convolution_op {
  static constexpr auto name = "Conv3DBackpropInputV2";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv3DBackpropInput: filter and out_backprop do not fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &filter = call.shapes[0], &dy = call.shapes[1];
    if (!accepts_filter(call, filter)) return;
    agree_channels(call, dy[4], filter[4], dy, filter);
    attributes const told(call.attributes());
    window const along = told.over(filter);
    if (told.result.rank != rank) return call.refuse(refusal_kind::rank, dy, told.result);
    dims out{rank, {}};
    for (int i = 0; i < rank; ++i) {
      bool const follows = told.result[i] == dims::unknown;
      i64 const extent = follows ? 0 : call.spelled(told.result[i]);
      if (i == 0) out[i] = follows ? dy[0] : call.agree(extent, dy[0], told.result, dy);
      if (i == 4) out[i] = follows ? filter[3] : agree_channels(call, extent, filter[3], told.result, filter);
      if (i == 0 || i == 4) continue;
      out[i] = follows ? conv2d_backprop_input_op::extent_over(call, along[i - 1], dy[i]) : extent;
    }
    for (int i = 0; i < axes; ++i) call.agree(places(call, along, i, out, filter), dy[i + 1], out, dy);
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const&, attribute_words) {
    return flops_of(shapes[1], shapes[0]);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const &filter = call.shape(0), &dy = call.shape(1);
    attributes const told(call.attributes());
    window_axis const along = told.over(filter)[2];
    i64 const width = told.result[3];
    call.add(call.type(0), filter);
    bool const is_known = width >= 0 && dy[3] >= 0;
    add_padded(call, dy, is_known ? kernel::padding_back(along, width).total() : kernel::most_padding_back(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims filter = Call::in_shape(0), dy = Call::in_shape(1), volume = attributes(Call::attributes()).result;
    constexpr kernel::volume_convolution known = facts(Call::attributes(), volume, filter, dy);
    if (call.count(volume) == 0) return;
    kernel::convolve_volumes_back<T, known>(readable<T>(call.template in<0>(), call.count(filter), to),
                                            readable<T>(call.template in<1>(), call.count(dy), to), to,
                                            extents(call, volume, dy), call.template scratch<0>(),
                                            call.template scratch<1>(), epilogue);
  }
};

/// A filter, by what its numbers meet: the gradient of conv3d for it. Inputs: the volume, dy. Words: the window, the
/// extents of the filter.
struct conv3d_backprop_filter_op : volume_convolution_op {
  static constexpr auto name = "Conv3DBackpropFilterV2";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv3DBackpropFilter: input and out_backprop do not fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &dy = call.shapes[1];
    attributes const told(call.attributes());
    dims filter = told.result;
    if (filter.rank != rank) return call.refuse(refusal_kind::rank, x, filter);
    for (int i = 0; i < rank; ++i) filter[i] = call.spelled(filter[i]);
    if (!accepts_filter(call, filter)) return;
    filter[3] = agree_channels(call, filter[3], x[4], x, filter);
    filter[4] = agree_channels(call, filter[4], dy[4], dy, filter);
    call.agree(x[0], dy[0], x, dy);
    window const along = told.over(filter);
    for (int i = 0; i < axes; ++i) call.agree(places(call, along, i, x, filter), dy[i + 1], x, dy);
    if (!call.failed()) call.shape = filter;
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(shapes[1], result);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const& x = call.shape(0);
    dims const filter = attributes(call.attributes()).result;
    // What is kept of the parts that are summed up has no memory where an epilogue takes the results.
    if (call.has_epilogue) call.add(call.type(0), filter);
    window_axis const along = attributes(call.attributes()).over(filter)[2];
    add_padded(call, x, x[3] >= 0 ? kernel::padding_of(along, x[3]).total() : kernel::most_padding(along));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), dy = Call::in_shape(1), filter = attributes(Call::attributes()).result;
    constexpr kernel::volume_convolution known = facts(Call::attributes(), x, filter, dy);
    constexpr int padded = Call::has_epilogue ? 1 : 0;
    if (call.count(filter) == 0) return;
    kernel::convolve_volumes_filter<T, known>(readable<T>(call.template in<0>(), call.count(x), to),
                                              readable<T>(call.template in<1>(), call.count(dy), to), to,
                                              extents(call, x, dy), call.template scratch<padded>(), epilogue);
  }
};

constexpr void conv3d_op::gradient(auto& call) {
  auto const x = call.x(0), filter = call.x(1), dy = call.dy;
  list const volume = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<conv3d_backprop_input_op>(volume.at, volume.count, filter, dy);
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[1] = add_node<conv3d_backprop_filter_op>(weights.at, weights.count, x, dy);
}
constexpr void conv3d_backprop_input_op::gradient(auto& call) {
  auto const filter = call.x(0), dy = call.x(1), g = call.dy;
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[0] = add_node<conv3d_backprop_filter_op>(weights.at, weights.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<conv3d_op>(along.at, along.count, g, filter);
}
constexpr void conv3d_backprop_filter_op::gradient(auto& call) {
  auto const x = call.x(0), dy = call.x(1), g = call.dy;
  list const volume = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<conv3d_backprop_input_op>(volume.at, volume.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<conv3d_op>(along.at, along.count, x, g);
}

namespace nn {
/// Each filter at each place of a volume, a cross-correlation: volume [n, d, h, w, c] and filter [kd, kh, kw, c, f]
/// make [n, od, oh, ow, f]. Strides, dilations and padding are those of conv2d, with the depth before them:
/// `nn::conv3d(volume, filter, strides<1, 1, 1>, padding::SAME)`, and `dilations<1, 2, 2>` as the last argument. float
/// and double; kd, kh and kw are numbers. TensorFlow: Conv3D.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<conv3d_op, Name,
                      detail::volume_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>, X,
                      W>
conv3d(X const& volume, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<conv3d_op, Name,
               detail::volume_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(volume,
                                                                                                               filter);
}
}  // namespace nn

TFX_END
