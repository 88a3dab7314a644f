// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/array/sparse_placeholder.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

struct adjoint_a_t {};
struct adjoint_b_t {};
/// `sparse_tensor_dense_matmul(a, b, adjoint_a)`: with a transposed.
inline constexpr adjoint_a_t adjoint_a{};
inline constexpr adjoint_b_t adjoint_b{};

namespace detail {
/// Refuses a place outside the product, in TensorFlow's words: k runs along the inner extent, m along the result's
/// rows.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_place(char letter, i64 place, i64 element, int column,
                                                                      i64 extent) {
  raise<errors::InvalidArgumentError>("%c (%lld) from index[%lld,%d] out of bounds (>=%lld)", letter,
                                      static_cast<long long>(place), static_cast<long long>(element), column,
                                      static_cast<long long>(extent));
}
/// Calls f(element, row, column) for each place; refuses those that are outside.
template <class Index, class F>
void for_places(Index const* places, i64 n, bool adjoint, i64 rows, i64 inner, F f) {
  for (i64 i = 0; i < n; ++i, places += 2) {
    i64 const m = places[adjoint ? 1 : 0], k = places[adjoint ? 0 : 1];
    if (k < 0 || k >= inner) refuse_place('k', k, i, adjoint ? 0 : 1, inner);
    if (m < 0 || m >= rows) refuse_place('m', m, i, adjoint ? 1 : 0, rows);
    f(i, m, k);
  }
}
}  // namespace detail

/// For each place (m, k) the product of row m of a and row k of b: the elements of a · bᵀ that somebody asks for.
/// Inputs: places, a, b. Word: whether places are (k, m).
struct sampled_matmul_op : sparse_places {
  static constexpr auto name = "SampledMatMul";
  static constexpr op_traits traits{.multilinear = true, .may_fail = true};

  static constexpr void infer(inference& call) {
    infer_places(call);
    call.type = call.types[1];
    any_number(call, call.type);
    if (call.types[1] != call.types[2]) call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], call.types[2]);
    if (call.failed() || call.defer()) return;
    dims const &a = call.shapes[1], &b = call.shapes[2];
    if (a.rank != 2 || b.rank != 2) return call.refuse(refusal_kind::rank, a, b);
    call.agree(a[1], b[1], a, b);
    if (!call.failed()) call.shape = {1, {call.shapes[0][0]}};
  }
  static constexpr void gradient(auto& call);

  template <class Call>
  static void run(Call const& call) {
    constexpr bool adjoint = Call::word(0) != 0;
    constexpr dims a = Call::in_shape(1), b = Call::in_shape(2);
    i64 const width = call.extent(a[1]);
    auto const *x = call.template in<1>(), *y = call.template in<2>();
    auto* const out = call.out();
    detail::for_places(call.template in<0>(), call.extent(Call::in_shape(0)[0]), adjoint, call.extent(a[0]),
                       call.extent(b[0]), [&](i64 i, i64 m, i64 k) {
                         typename Call::out_type sum{};
                         for (i64 j = 0; j < width; ++j)
                           sum = static_cast<typename Call::out_type>(sum + x[m * width + j] * y[k * width + j]);
                         out[i] = sum;
                       });
  }
};

/// A sparse matrix, by its places and values, times a dense one: it walks over the elements that are there. Inputs:
/// places, values, dense. Words: whether the sparse matrix is transposed, its two extents. Gradients: to the dense
/// matrix the transposed product, to the values the products of rows.
struct sparse_tensor_dense_matmul_op : sparse_places {
  static constexpr auto name = "SparseTensorDenseMatMul";
  static constexpr op_traits traits{.multilinear = true,
                                    .may_fail = true,
                                    .first_extent = 1,
                                    .mismatch =
                                        "Cannot multiply A and B because inner dimension does not match: %s vs. %s.  "
                                        "Did you forget a transpose?"};
  struct attributes {
    bool adjoint;
    attribute_words extents;
    constexpr explicit attributes(attribute_words w) : adjoint(w[0] != 0), extents(w.rest(1)) {}
  };

  static constexpr void infer(inference& call) {
    infer_places(call);
    call.type = call.types[1];
    any_number(call, call.type);
    if (call.types[1] != call.types[2]) call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], call.types[2]);
    if (call.failed() || call.defer()) return;
    dims const &values = call.shapes[1], &b = call.shapes[2];
    attributes const of(call.attributes());
    dims const sparse{2, {call.spelled(of.extents[0]), call.spelled(of.extents[1])}};
    if (values.rank != 1) return call.refuse(refusal_kind::rank, call.shapes[0], values);
    if (b.rank != 2) return call.refuse(refusal_kind::rank, sparse, b);
    call.agree(call.shapes[0][0], values[0], call.shapes[0], values);
    call.agree(sparse[of.adjoint ? 0 : 1], b[0], sparse, b);
    if (!call.failed()) call.shape = {2, {sparse[of.adjoint ? 1 : 0], b[1]}};
  }
  static constexpr void gradient(auto& call) {
    bool const adjoint = attributes(call.attributes()).adjoint;
    i64 const m = call.dy.shape()[0], k = call.x(2).shape()[0];
    i64 const which[] = {adjoint}, words[] = {!adjoint, adjoint ? k : m, adjoint ? m : k};
    call.dx[1] = add_node<sampled_matmul_op>(which, 1, call.x(0), call.dy, call.x(2));
    call.dx[2] = add_node<sparse_tensor_dense_matmul_op>(words, 3, call.x(0), call.x(1), call.dy);
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr bool adjoint = attributes(Call::attributes()).adjoint;
    constexpr dims b = Call::in_shape(2), out = Call::out_shape();
    i64 const rows = call.extent(out[0]), inner = call.extent(b[0]), width = call.extent(b[1]);
    T const *const values = call.template in<1>(), *const dense = call.template in<2>();
    T* const product = call.out();
    std::fill_n(product, rows * width, T{});
    detail::for_places(call.template in<0>(), call.extent(Call::in_shape(1)[0]), adjoint, rows, inner,
                       [&](i64 i, i64 m, i64 k) {
                         T const v = values[i];
                         T const* TFX_RESTRICT const from = dense + k * width;
                         T* TFX_RESTRICT const to = product + m * width;
                         for (i64 j = 0; j < width; ++j) to[j] = static_cast<T>(to[j] + v * from[j]);
                       });
  }
};

constexpr void sampled_matmul_op::gradient(auto& call) {
  bool const adjoint = call.attributes()[0] != 0;
  i64 const m = call.x(1).shape()[0], k = call.x(2).shape()[0];
  i64 const to_a[] = {adjoint, adjoint ? k : m, adjoint ? m : k}, to_b[] = {!adjoint, to_a[1], to_a[2]};
  call.dx[1] = add_node<sparse_tensor_dense_matmul_op>(to_a, 3, call.x(0), call.dy, call.x(2));
  call.dx[2] = add_node<sparse_tensor_dense_matmul_op>(to_b, 3, call.x(0), call.dy, call.x(1));
}

/// a · b with a sparse: [rows, k] · [k, columns]. Places may repeat, and are then added up, and stand in any order; one
/// outside a's shape is refused by the run, with InvalidArgumentError. Real numbers. The gradient to b is dense; the
/// one to `a.values` has a number for each of them. `adjoint_a`, `adjoint_b` transpose.
template <name Name = "", class I, class V, auto... D, expression B>
constexpr auto sparse_tensor_dense_matmul(SparseTensor<I, V, shape_t<D...>> const& a, B const& b)
    -> result_with<sparse_tensor_dense_matmul_op, Name, words<0, detail::extent_of<D>()...>, I, V, B> {
  return apply<sparse_tensor_dense_matmul_op, Name, words<0, detail::extent_of<D>()...>>(a.indices, a.values, b);
}
template <name Name = "", class I, class V, auto... D, expression B>
constexpr auto sparse_tensor_dense_matmul(SparseTensor<I, V, shape_t<D...>> const& a, B const& b, adjoint_a_t)
    -> result_with<sparse_tensor_dense_matmul_op, Name, words<1, detail::extent_of<D>()...>, I, V, B> {
  return apply<sparse_tensor_dense_matmul_op, Name, words<1, detail::extent_of<D>()...>>(a.indices, a.values, b);
}
template <name Name = "", class I, class V, auto... D, expression B>
constexpr auto sparse_tensor_dense_matmul(SparseTensor<I, V, shape_t<D...>> const& a, B const& b, adjoint_b_t) {
  return sparse_tensor_dense_matmul<Name>(a, transpose(b));
}
template <name Name = "", class I, class V, auto... D, expression B>
constexpr auto sparse_tensor_dense_matmul(SparseTensor<I, V, shape_t<D...>> const& a, B const& b, adjoint_a_t,
                                          adjoint_b_t) {
  return sparse_tensor_dense_matmul<Name>(a, transpose(b), adjoint_a);
}

TFX_END
