// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/op.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

// These are never defined: using one is the error, and its name is the message. The names say what to do, the
// arguments what was given.
template <class Op, class First, class Second>
struct shape_mismatch;  // the two shapes do not fit together in this op
template <class Op, class First, class Second>
struct dtype_mismatch_use_cast;  // there is no implicit promotion: write tf::cast<T>(x)
template <class Op, class First, class Second>
struct rank_mismatch_use_expand_dims;  // the op needs another number of dimensions: tf::expand_dims or tf::reshape
template <class Op, class Shape, class Axis>
struct axis_out_of_range;  // the shape has no such axis
template <class Op, class Shape, class Axis>
struct axis_is_empty;  // no element along it
template <class Op, class Dtype>
struct needs_floating_dtype_use_cast;  // float or double only: write tf::cast<float>(x)
template <class Op, class Dtype>
struct needs_bool_use_cast;  // bool only: compare, or write tf::cast<bool>(x)
template <class Op, class Dtype>
struct needs_number_use_cast;  // numbers only: write tf::cast<T>(x)
template <class Op, class Dtype>
struct needs_real_numbers_use_real_or_abs;  // of complex ones write tf::real(x), tf::imag(x), tf::abs(x)
template <class Op, class Dtype>
struct needs_complex_numbers_use_cast;  // write tf::cast<std::complex<float>>(x), tf::complex(re, im)
template <class Op, class Dtype>
struct quantized_numbers_have_no_arithmetic_use_dequantize;  // write tf::dequantize(q, min, max) first
template <class Op, class Dtype>
struct needs_quantized_numbers_use_quantize;  // write tf::quantize<tf::quint8>(x, min, max)
template <class Op, class Shape, class Axis>
struct axis_has_no_equal_parts_use_sizes;  // the extent is no multiple of the parts: tf::sizes<…> tells each
template <class Op, class Shape, class Axis>
struct dimension_size_must_be_evenly_divisible_by_block_size;  // of channels by its square
template <class Op, class Shape, class Axis>
struct extent_along_axis_must_be_a_number;  // how many results there are depends on it
template <class Op, class Image, class Filter>
struct channels_of_image_and_filter_differ;  // the last extent of an image, the third of a filter [h, w, channels, n]
template <class Op, class Image, class Window>
struct negative_dimension_size_caused_by_a_window_larger_than_its_input;  // padding included
template <class Op, class Shape>
struct matrix_must_be_square;  // its last two dimensions are one number
template <class Op>
struct is_in_several_loops_or_branches_put_it_before_them;  // it would draw in each; derivatives of a branch repeat it
template <class Op>
struct assigns_in_a_loop_or_branch;  // make the value there, and assign it behind: tf::assign(w, tf::cond(…))
template <class Op>
struct finds_an_extent_in_a_loop_or_branch;  // each iteration would have another: mask the slices before, or the result
template <class Op>
struct argument_is_used_outside_of_its_loop;  // give back what is needed, as a result of the loop's function
template <class Op>
struct tensor_is_no_condition_use_where_or_cond;  // a function over handles runs before there are values
template <class Name>
struct duplicate_name;  // two different variables or placeholders of one name in one run
template <class Name, class Dtype, class Shape>
struct placeholder_needs_a_feed;  // write sess.run(…, p = value)
template <class Name, class Shape, class Fed>
struct feed_shape_mismatch;  // the shape that is fed cannot be the tensor's
template <class Name>
struct is_not_a_valid_node_name;  // a letter, a digit or a dot, then those or any of _ - /
template <class Name, class Dtype, class Value>
struct cannot_be_fed;  // no number, text, list or container for that dtype; or one whose type does not tell the rank
template <class Name>
struct duplicate_feed;  // one tensor is fed twice in one run
template <class Op>
struct feed_of_an_unnamed_constant_give_it_a_name;  // tf::constant<"a">(2.0f): without, nothing tells which is meant
template <class Op>
struct feed_of_what_an_unnamed_constant_makes_name_that;  // tf::constant<"a">(2.0f); of x[0]: write x[tf::index<0>]
template <class Name>
struct feed_needs_a_rank_use_xtensor;  // neither tensor nor value has a rank at compile time: declare a shape
template <class Given>
struct feed_is_written_placeholder_equals_value;  // sess.run(fetch(a, b), x = value)
template <class Given>
struct cannot_be_fetched;  // fetches are tensors, operations, and fetch(…), tuples, arrays or structs of them
template <class Op>
struct no_variables_to_optimize;  // the loss depends on no variable of a floating dtype
template <class Name>
struct nothing_tells_dimension;  // no tensor of this run has it: feed one, or write a number
template <class Name>
struct nothing_tells_shape_of;  // of this tensor: feed it, or write its dimensions
template <class Op>
struct has_no_gradient_through_complex_numbers;  // float and double only are differentiated
template <class Op>
struct has_no_gradient;  // no differentiable path
template <class Op>
struct gradient_along_an_unnamed_constant_give_it_a_name;  // tf::constant<"a">(2.0f); for x[0]: x[tf::index<0>]
template <class Op>
struct has_no_gradient_rule;  // derivatives would pass this op: write its `gradient`, or that it is
                              // constant_to_derivatives
template <class Op>
struct gradient_needs_maximum_iterations;  // while_loop(maximum_iterations<100>, …): what each leaves has its memory
template <class Op>
struct has_no_forward_rule;  // its `gradient` serves reverse mode only: write its `tangent` for tf::jvp

template <class Op, op_member Member>
struct op_needs;  // a member that every op of its kind has is missing or misspelt: docs/op.md

/// How a refusal spells a shape with named dimensions: `named_shape<dim_t<'b', 'a', 't', 'c', 'h'>, extent_t<784>>`. A
/// shape without names is spelled as it is written, `shape_t<2, 3>`.
template <class... Dim>
struct named_shape;
template <char... C>
struct dim_t;
template <i64 Extent>
struct extent_t;

namespace detail {
template <class Source, bool Second>
struct error_shape {
  static constexpr dims value = Second ? Source::error.second : Source::error.first;
};
template <auto D>
struct spelled_dim {
  using type = extent_t<extent_of<D>()>;
};
template <char... C>
dim_t<C...> spell(symbol<C...>);
template <auto D>
  requires(extent_of<D>() < dims::name_bound)
struct spelled_dim<D> {
  using type = decltype(spell(D));
};
template <class Shape>
struct spelled_shape {
  using type = Shape;
};
template <auto... D>
  requires((extent_of<D>() < dims::name_bound) || ...)
struct spelled_shape<shape_t<D...>> {
  using type = named_shape<typename spelled_dim<D>::type...>;
};
template <class Source>
using first_shape = typename spelled_shape<shape_from<error_shape<Source, false>>>::type;
template <class Source>
using second_shape = typename spelled_shape<shape_from<error_shape<Source, true>>>::type;

template <class Source, class Sequence>
struct error_text;
template <class Source, std::size_t... I>
struct error_text<Source, std::index_sequence<I...>> {
  using type = named<Source::error.text[I]...>;
};
template <class Source>
using text_of = typename error_text<Source, std::make_index_sequence<Source::error.text.size()>>::type;
template <class Source>
using error_op = op_of<Source::error.op->hash>;

template <class Source>
constexpr auto refuse_with() {
  constexpr auto kind = Source::error.kind;
  if constexpr (kind == refusal_kind::none) {
    return type_box<void>{};
  } else if constexpr (kind == refusal_kind::shape_mismatch) {
    return type_box<shape_mismatch<error_op<Source>, first_shape<Source>, second_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::dtype_mismatch) {
    return type_box<dtype_mismatch_use_cast<error_op<Source>, type_of<Source::error.first_type>,
                                            type_of<Source::error.second_type>>>{};
  } else if constexpr (kind == refusal_kind::rank) {
    return type_box<rank_mismatch_use_expand_dims<error_op<Source>, first_shape<Source>, second_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::axis) {
    return type_box<
        axis_out_of_range<error_op<Source>, first_shape<Source>, axes_t<static_cast<int>(Source::error.number)>>>{};
  } else if constexpr (kind == refusal_kind::empty_axis) {
    return type_box<
        axis_is_empty<error_op<Source>, first_shape<Source>, axes_t<static_cast<int>(Source::error.number)>>>{};
  } else if constexpr (kind == refusal_kind::needs_real ||
                       (kind == refusal_kind::needs_floating && is_complex(Source::error.first_type))) {
    return type_box<needs_real_numbers_use_real_or_abs<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_floating) {
    return type_box<needs_floating_dtype_use_cast<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_bool) {
    return type_box<needs_bool_use_cast<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_number) {
    return type_box<needs_number_use_cast<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::quantized) {
    return type_box<
        quantized_numbers_have_no_arithmetic_use_dequantize<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_quantized) {
    return type_box<needs_quantized_numbers_use_quantize<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_complex) {
    return type_box<needs_complex_numbers_use_cast<error_op<Source>, type_of<Source::error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::uneven_parts) {
    return type_box<axis_has_no_equal_parts_use_sizes<error_op<Source>, first_shape<Source>,
                                                      axes_t<static_cast<int>(Source::error.number)>>>{};
  } else if constexpr (kind == refusal_kind::uneven_blocks) {
    return type_box<dimension_size_must_be_evenly_divisible_by_block_size<
        error_op<Source>, first_shape<Source>, axes_t<static_cast<int>(Source::error.number)>>>{};
  } else if constexpr (kind == refusal_kind::open_extent) {
    return type_box<extent_along_axis_must_be_a_number<error_op<Source>, first_shape<Source>,
                                                       axes_t<static_cast<int>(Source::error.number)>>>{};
  } else if constexpr (kind == refusal_kind::channels) {
    return type_box<channels_of_image_and_filter_differ<error_op<Source>, first_shape<Source>, second_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::no_window) {
    return type_box<negative_dimension_size_caused_by_a_window_larger_than_its_input<
        error_op<Source>, first_shape<Source>, second_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::not_square) {
    return type_box<matrix_must_be_square<error_op<Source>, first_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::several_regions) {
    return type_box<is_in_several_loops_or_branches_put_it_before_them<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::effect_in_region) {
    return type_box<assigns_in_a_loop_or_branch<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::extent_in_region) {
    return type_box<finds_an_extent_in_a_loop_or_branch<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::argument_outside) {
    return type_box<argument_is_used_outside_of_its_loop<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::condition) {
    return type_box<tensor_is_no_condition_use_where_or_cond<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::duplicate_name) {
    return type_box<duplicate_name<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::unfed_placeholder) {
    return type_box<
        placeholder_needs_a_feed<text_of<Source>, type_of<Source::error.first_type>, first_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::untold_dimension) {
    return type_box<nothing_tells_dimension<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::untold_shape) {
    return type_box<nothing_tells_shape_of<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::feed_shape) {
    return type_box<feed_shape_mismatch<text_of<Source>, first_shape<Source>, second_shape<Source>>>{};
  } else if constexpr (kind == refusal_kind::node_name) {
    return type_box<is_not_a_valid_node_name<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::duplicate_feed) {
    return type_box<duplicate_feed<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::unnamed_feed && Source::error.op->kind == op_kind::leaf) {
    return type_box<feed_of_an_unnamed_constant_give_it_a_name<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::unnamed_feed) {
    return type_box<feed_of_what_an_unnamed_constant_makes_name_that<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::unnamed_gradient) {
    return type_box<gradient_along_an_unnamed_constant_give_it_a_name<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::feed_rank) {
    return type_box<feed_needs_a_rank_use_xtensor<text_of<Source>>>{};
  } else if constexpr (kind == refusal_kind::complex_gradient) {
    return type_box<has_no_gradient_through_complex_numbers<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::no_gradient_rule) {
    return type_box<has_no_gradient_rule<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::gradient_of_endless_loop) {
    return type_box<gradient_needs_maximum_iterations<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::no_forward_rule) {
    return type_box<has_no_forward_rule<error_op<Source>>>{};
  } else if constexpr (kind == refusal_kind::no_variables) {
    return type_box<no_variables_to_optimize<error_op<Source>>>{};
  } else {
    return type_box<has_no_gradient<error_op<Source>>>{};
  }
}
}  // namespace detail

/// The undefined type that says what `Source::error` (a refusal) says.
template <class Source>
using refused = typename decltype(detail::refuse_with<Source>())::type;

TFX_END
