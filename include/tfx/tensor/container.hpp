// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <tfx/base/config.hpp>
#include <xtensor/xtensor.hpp>

// clang 19 finds two rules of xtensor 0.24 for the container that xarray keeps its shape in equally good; this one is
// better than both.
#if defined(__clang__) && __clang_major__ >= 19
namespace xt {
template <class X, class T, std::size_t N>
struct rebind_container<X, svector<T, N>> {
  using type = svector<X, N>;
};
}  // namespace xt
#endif

TFX_BEGIN
namespace operators {
struct expression_base;
}
using operators::expression_base;
// Never defined, as the types of graph/refusal.hpp.
struct xtensor_in_a_formula_is_written_tf_constant;  // w + data: write w + tf::constant(data), or feed a placeholder
TFX_END

// xtensor's operators take whatever stands beside a container of xtensor for a number. That a tensor's expression is
// none is said here: operators of tfx beside each of them would cost every program that uses an operator.
namespace xt::detail {
template <class F, class... E>
struct xfunction_type;
template <class F, class... E>
  requires(__is_base_of(tfx::expression_base, std::remove_cvref_t<E>) || ...)
struct xfunction_type<F, E...> {
  using type = tfx::xtensor_in_a_formula_is_written_tf_constant;
};
}  // namespace xt::detail

TFX_BEGIN

/// A container whose memory is read and written row by row, whatever XTENSOR_DEFAULT_LAYOUT says.
template <class T, std::size_t Rank>
using row_major_tensor = xt::xtensor<T, Rank, xt::layout_type::row_major>;

TFX_END
