// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/fused.hpp>

TFX_BEGIN

namespace kernel {

/// A loop over strings, described as a fused one is: a copy, or one op whose `texts` computes an element. It writes
/// into strings that are there, so that their memory is used again.
template <u64 Hash>
struct text_loop {
  static constexpr fused_program p = decode_fused(kernel_description(description_key<Hash>{}).word);
  static_assert(p.outputs == 1 && p.steps <= 1 && p.sequences == 0 && p.out[0].reduction == 0);
  static constexpr int rank = p.rank, operand_count = p.inputs + 1;

  struct place {
    char* base[operand_count];
    i64 at[operand_count];  // in elements
  };

  static void run(void* const* buffers, i64 const* extents, std::uint16_t const* slots, work_part part) {
    if (part.index > 0) return;
    context const of{buffers, extents, slots, part};
    i64 extent[rank + 1], stride[operand_count][rank + 1], count = 1;
    for (int a = 0; a < rank; ++a) {
      extent[a] = extent_of(p.axes[a], of, operand_count);
      count *= extent[a];
    }
    place here{};
    for (int i = 0; i < operand_count; ++i) {
      here.base[i] = of.at<char>(i);
      i64 elements = 1;
      for (int a = rank - 1; a >= 0; --a) {
        bool const along = (i < p.inputs ? p.values[i].varies : p.out[0].varies) >> a & 1u;
        stride[i][a] = along ? elements : 0;
        if (along) elements *= extent[a];
      }
    }
    i64 index[rank + 1] = {};
    for (i64 done = 0; done < count; ++done) {
      element(here);
      for (int a = rank - 1; a >= 0; --a) {
        for (int i = 0; i < operand_count; ++i) here.at[i] += stride[i][a];
        if (++index[a] < extent[a]) break;
        for (int i = 0; i < operand_count; ++i) here.at[i] -= stride[i][a] * extent[a];
        index[a] = 0;
      }
    }
  }

 private:
  template <int V>
  static decltype(auto) value(place const& here) {
    using T = type_of<p.values[V].type>;
    if constexpr (V < p.inputs) {
      return reinterpret_cast<T const*>(here.base[V])[here.at[V]];
    } else if constexpr (std::is_same_v<T, std::string>) {
      return T{};  // the one string that stands for a whole tensor is the empty one
    } else {
      return from_splat_bits<T>(p.values[V].bits);
    }
  }
  static void element(place const& here) {
    auto& to = reinterpret_cast<type_of<p.out[0].type>*>(here.base[p.inputs])[here.at[p.inputs]];
    if constexpr (p.steps == 0) {
      to = value<p.out[0].from>(here);
    } else {
      static constexpr auto const& s = p.program[0];
      using Op = op_of<s.op>;
      if constexpr (s.count == 1) {
        to = Op::texts(value<s.arguments[0]>(here));
      } else if constexpr (s.count == 2) {
        to = Op::texts(value<s.arguments[0]>(here), value<s.arguments[1]>(here));
      } else {
        to = Op::texts(value<s.arguments[0]>(here), value<s.arguments[1]>(here), value<s.arguments[2]>(here));
      }
    }
  }
};

}  // namespace kernel

TFX_END
