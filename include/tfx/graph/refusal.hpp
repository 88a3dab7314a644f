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
template <class Op, class Dtype>
struct needs_floating_dtype_use_cast;  // float or double only: write tf::cast<float>(x)
template <class Op, class Dtype>
struct needs_bool_use_cast;  // bool only: compare, or write tf::cast<bool>(x)
template <class Op, class Dtype>
struct needs_number_use_cast;  // numbers only: write tf::cast<T>(x)
template <class Name>
struct duplicate_name;  // two different variables or placeholders of one name in one run
template <class Name, class Dtype, class Shape>
struct placeholder_needs_a_feed;  // write sess.run(…, p = value)
template <class Name, class Shape, class Fed>
struct feed_shape_mismatch;  // the shape that is fed cannot be the tensor's
template <class Op>
struct has_no_gradient;  // no differentiable path, or an op without a gradient on it
template <class Name>
struct feed_is_not_used;  // nothing that is fetched depends on it

namespace detail {
template <auto& Error, bool Second>
struct error_shape {
  static constexpr dims value = Second ? Error.second : Error.first;
};
template <auto& Error>
using first_shape = shape_from<error_shape<Error, false>>;
template <auto& Error>
using second_shape = shape_from<error_shape<Error, true>>;

template <auto& Error, class Sequence>
struct error_text;
template <auto& Error, std::size_t... I>
struct error_text<Error, std::index_sequence<I...>> {
  using type = named<Error.text[I]...>;
};
template <auto& Error>
using text_of = typename error_text<Error, std::make_index_sequence<Error.text.size()>>::type;
template <auto& Error>
using error_op = op_of<Error.op->hash>;

template <auto& Error>
constexpr auto refuse_with() {
  constexpr auto kind = Error.kind;
  if constexpr (kind == refusal_kind::none) {
    return type_box<void>{};
  } else if constexpr (kind == refusal_kind::shape_mismatch) {
    return type_box<shape_mismatch<error_op<Error>, first_shape<Error>, second_shape<Error>>>{};
  } else if constexpr (kind == refusal_kind::dtype_mismatch) {
    return type_box<
        dtype_mismatch_use_cast<error_op<Error>, type_of<Error.first_type>, type_of<Error.second_type>>>{};
  } else if constexpr (kind == refusal_kind::rank) {
    return type_box<rank_mismatch_use_expand_dims<error_op<Error>, first_shape<Error>, second_shape<Error>>>{};
  } else if constexpr (kind == refusal_kind::axis) {
    return type_box<axis_out_of_range<error_op<Error>, first_shape<Error>, axes_t<static_cast<int>(Error.number)>>>{};
  } else if constexpr (kind == refusal_kind::needs_floating) {
    return type_box<needs_floating_dtype_use_cast<error_op<Error>, type_of<Error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_bool) {
    return type_box<needs_bool_use_cast<error_op<Error>, type_of<Error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::needs_number) {
    return type_box<needs_number_use_cast<error_op<Error>, type_of<Error.first_type>>>{};
  } else if constexpr (kind == refusal_kind::duplicate_name) {
    return type_box<duplicate_name<text_of<Error>>>{};
  } else if constexpr (kind == refusal_kind::unfed_placeholder) {
    return type_box<placeholder_needs_a_feed<text_of<Error>, type_of<Error.first_type>, first_shape<Error>>>{};
  } else if constexpr (kind == refusal_kind::feed_shape) {
    return type_box<feed_shape_mismatch<text_of<Error>, first_shape<Error>, second_shape<Error>>>{};
  } else if constexpr (kind == refusal_kind::unused_feed) {
    return type_box<feed_is_not_used<text_of<Error>>>{};
  } else {
    return type_box<has_no_gradient<error_op<Error>>>{};
  }
}
}  // namespace detail

/// The undefined type that says what the constant `Error` (a refusal) says.
template <auto& Error>
using refused = typename decltype(detail::refuse_with<Error>())::type;

TFX_END
