// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN

/// The extents of a tensor as a vector of whole numbers. Constant to derivatives.
struct shape_of_op {
  static constexpr auto name = "Shape";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .simplifies = true, .first_extent = 1};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    dtype type;
    attribute_words extents;  // where passes have put them in the input's place
    constexpr explicit attributes(attribute_words w) : type(w.type(0)), extents(w.rest(1)) {}
  };

  static constexpr void infer(inference& call) {
    attributes const told(call.attributes());
    call.type = told.type;
    if (call.defer()) return;
    call.shape.push_back(call.input_count() == 0 ? told.extents.count : call.shapes[0].rank);
  }
  // The shape tells it: the elements are not needed.
  static constexpr void simplify(simplification& call) {
    if (call.inputs.size() == 0) return;
    handle const x = call.x(0);
    i64 attributes[1 + max_rank] = {static_cast<i64>(call.self.type)};
    for (int i = 0; i < x.rank(); ++i) attributes[1 + i] = call.graph->symbols.resolve(x.shape()[i]);
    call.result = call.graph->add(info<shape_of_op>, nullptr, 0, attributes, 1 + x.rank());
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr attribute_words extents = attributes(Call::attributes()).extents;
    T* const to = call.out();
    for (int i = 0; i < extents.count; ++i) {
      i64 const extent = call.extent(extents[i]);
      to[i] = static_cast<T>(extent);
      if (static_cast<i64>(to[i]) != extent)
        raise<errors::InvalidArgumentError>("shape_of: an extent of %lld is more than the dtype can tell",
                                            static_cast<long long>(extent));
    }
  }
};

namespace detail {
template <class T>
using shape_words = words<static_cast<i64>(dtype_of<T>)>;
}
/// The extents of x as int32, or `shape_of<std::int64_t>(x)`. Those that its type tells are numbers in
/// `decltype(x)::shape` too.
template <name Name = "", expression X>
constexpr result_with<shape_of_op, Name, detail::shape_words<std::int32_t>, X> shape_of(X const& x) {
  return apply<shape_of_op, Name, detail::shape_words<std::int32_t>>(x);
}
template <element T, expression X>
constexpr result_with<shape_of_op, "", detail::shape_words<T>, X> shape_of(X const& x) {
  static_assert(std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>,
                "shape_of: extents are int32 or int64");
  return apply<shape_of_op, "", detail::shape_words<T>>(x);
}

TFX_END
