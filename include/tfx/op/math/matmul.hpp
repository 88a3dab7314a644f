// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm.hpp>
#include <tfx/op/array/column.hpp>
#include <tfx/op/array/transpose.hpp>

TFX_BEGIN

struct transpose_a_t {};
struct transpose_b_t {};
/// `matmul(a, b, transpose_a)`: a is stored transposed.
inline constexpr transpose_a_t transpose_a{};
inline constexpr transpose_b_t transpose_b{};

/// Matrix product over the last two axes; all axes before them agree.
struct matmul_op {
  static constexpr auto name = "MatMul";
  static constexpr std::string_view type(int rank) { return rank > 2 ? "BatchMatMul" : name; }
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_type = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .divisible = true,
                                    .mismatch = "Matrix size-incompatible: In[0]: %s, In[1]: %s"};
  struct attributes {
    bool transpose_a, transpose_b;
    constexpr explicit attributes(attribute_words w) : transpose_a(w[0] != 0), transpose_b(w[1] != 0) {}
  };

  // [.., m, k] · [.., k, n] → [.., m, n]
  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    number_or_complex(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& a = call.shapes[0];
    dims const& b = call.shapes[1];
    if (a.rank < 2 || a.rank != b.rank) return call.refuse(refusal_kind::rank, a, b);
    int const r = a.rank;
    auto const [ta, tb] = attributes(call.attributes());
    call.agree(a[ta ? r - 2 : r - 1], b[tb ? r - 1 : r - 2], a, b);
    dims out = a;
    for (int i = 0; i < r - 2; ++i) out[i] = call.agree(a[i], b[i], a, b);
    out[r - 2] = a[ta ? r - 1 : r - 2];
    out[r - 1] = b[tb ? r - 2 : r - 1];
    if (!call.failed()) call.shape = out;
  }
  // With op(A), op(B) as stored: dA = dC · op(B)^T, dB = op(A)^T · dC, each transposed where its input is.
  static constexpr void gradient(gradient_call& call) {
    handle const a = call.x(0), b = call.x(1), dc = call.dy;
    auto const [ta, tb] = attributes(call.attributes());
    call.dx[0] = ta ? product(b, dc, tb, true) : product(dc, b, false, !tb);
    call.dx[1] = tb ? product(dc, a, true, ta) : product(a, dc, !ta, false);
  }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words words) {
    int const r = result.rank, depth = attributes(words).transpose_a ? r - 2 : r - 1;
    return 2.0 * static_cast<double>(result.count()) * static_cast<double>(shapes[0][depth]);
  }
  static constexpr handle product(handle a, handle b, bool ta, bool tb) {
    i64 const words[] = {ta, tb};
    return add_node(info<matmul_op>, words, 2, a, b);
  }
  static constexpr void simplify(simplification& call) {
    // A transposed operand is read as it is stored.
    bool changed = false;
    for (int i = 0; i < 2; ++i) {
      handle const x = call.x(i);
      if (!is<transpose_op>(x.get().op) || !swaps_last_two(x)) continue;
      call.inputs[i] = x.graph->input(x.get(), 0);
      call.words[i] = call.words[i] == 0;
      changed = true;
    }
    auto const [ta, tb] = attributes(call.attributes());
    handle const columns = multiply_columns(call.x(0), call.x(1), ta, tb, call.self.shape);
    if (columns) {
      call.result = columns.id;
    } else if (changed) {
      call.result = product(call.x(0), call.x(1), ta, tb).id;
    }
  }
  static constexpr bool swaps_last_two(handle x) {
    int const rank = x.rank();
    transpose_op::attributes const to(x.attributes());
    for (int i = 0; i < rank; ++i) {
      int const axis = to.axis(i, rank);
      if (axis != (i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i)) return false;
    }
    return rank >= 2;
  }

  /// A deep product keeps the sums of its parts where its result will be.
  static constexpr void scratch(scratch_request& call) {
    if (!call.has_epilogue) return;
    auto const [ta, tb] = attributes(call.attributes());
    dims const &a = call.shape(0), &b = call.shape(1);
    int const r = a.rank;
    i64 const ka = a[ta ? r - 2 : r - 1], kb = b[tb ? r - 1 : r - 2], k = ka >= 0 ? ka : kb;
    if (k >= 0 && k <= kernel::longest_part(bytes_of(call.type(0)))) return;
    dims product = a;
    product[r - 2] = a[ta ? r - 1 : r - 2];
    product[r - 1] = b[tb ? r - 2 : r - 1];
    call.add(call.type(0), product);
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  /// `to`: where a result belongs that goes into an epilogue. Partial sums lie in scratch, in the same order.
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr attributes stored(Call::attributes());
    constexpr bool ta = stored.transpose_a, tb = stored.transpose_b;
    constexpr dims a = Call::in_shape(0), b = Call::in_shape(1);
    constexpr int r = a.rank;
    // An extent that either side knows is known.
    constexpr i64 m = a[ta ? r - 1 : r - 2], n = b[tb ? r - 2 : r - 1];
    constexpr i64 ka = a[ta ? r - 2 : r - 1], kb = b[tb ? r - 1 : r - 2], k = ka >= 0 ? ka : kb;
    i64 const rows = call.extent(m), columns = call.extent(n), inner = call.extent(k);
    i64 const batches = call.count(a, 0, r - 2);
    T const* from_a = call.template in<0>();
    T const* from_b = call.template in<1>();
    auto const multiply = [&](T const* x, T const* y, T* product, i64 count) {
      kernel::gemm<T, (m >= 0 ? m : -1), (n >= 0 ? n : -1), (k >= 0 ? k : -1), ta, tb>(x, y, product, count, columns,
                                                                                       inner, epilogue);
    };
    // Where only the run tells how many rows there are, a part of them is a product by the same code.
    if constexpr (r == 2 && m < 0 && !ta) {
      auto const [first, last] = call.share(rows);
      multiply(from_a + first * inner, from_b, to + first * columns, last - first);
    } else {
      auto const [first, last] = call.share(batches);
      for (i64 i = first; i < last; ++i)
        multiply(from_a + i * rows * inner, from_b + i * inner * columns, to + i * rows * columns, rows);
    }
  }
};

/// a · b; the inner extents agree. `matmul(x, w)`, `matmul(a, b, transpose_b)`.
template <name Name = "", expression A, expression B>
constexpr result_with<matmul_op, Name, words<0, 0>, A, B> matmul(A const& a, B const& b) {
  return apply<matmul_op, Name, words<0, 0>>(a, b);
}
template <name Name = "", expression A, expression B>
constexpr result_with<matmul_op, Name, words<1, 0>, A, B> matmul(A const& a, B const& b, transpose_a_t) {
  return apply<matmul_op, Name, words<1, 0>>(a, b);
}
template <name Name = "", expression A, expression B>
constexpr result_with<matmul_op, Name, words<0, 1>, A, B> matmul(A const& a, B const& b, transpose_b_t) {
  return apply<matmul_op, Name, words<0, 1>>(a, b);
}
template <name Name = "", expression A, expression B>
constexpr result_with<matmul_op, Name, words<1, 1>, A, B> matmul(A const& a, B const& b, transpose_a_t, transpose_b_t) {
  return apply<matmul_op, Name, words<1, 1>>(a, b);
}

TFX_END
