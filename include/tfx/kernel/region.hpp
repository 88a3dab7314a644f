// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/raise.hpp>
#include <tfx/kernel/context.hpp>

TFX_BEGIN

namespace kernel {

/// The steps of a loop's or a branch's body, as a run keeps them among its buffers.
struct body {
  entry const* kernels;
  step_entry const* steps;
  std::uint16_t const* slots;
  int first, middle, last;  // a loop's predicate is there after `middle`
  char const* name;
  int name_size;

  void run(int from, int to, void* const* buffers, i64 const* extents) const {
    for (int i = from; i < to; ++i) kernels[steps[i].kernel](buffers, extents, slots + steps[i].first_slot, {});
  }
};

/// A state of a loop: where its body reads and writes it, among the run's buffers.
struct loop_state {
  std::uint16_t argument, next;
  void const* initial;
  void* places[2];  // that hold it in turn; none where it is yielded, which keeps each value
  void* last;       // where it goes in the end, or null
  i64 bytes;
};
/// A tensor of which an iteration has one slice.
struct loop_slices {
  std::uint16_t slice;
  void const* first;  // null: of what nothing needs
  i64 bytes;          // of a slice
};
/// What loops do, whatever their tensors are.
struct loop {
  body const& of;
  loop_state const* states;
  int state_count;
  loop_slices const* slices;  // sequences, then yields
  int slice_count;
  i64 most;  // iterations; -1: no bound
  bool backward;
  int predicate;  // a buffer, -1: none

  /// Gives the number of iterations.
  [[gnu::noinline]] i64 run(void** buffers, i64 const* extents) const {
    for (int k = 0; k < state_count; ++k) buffers[states[k].argument] = const_cast<void*>(states[k].initial);
    i64 t = 0;
    for (;; ++t) {
      if (predicate < 0 && t == most) break;
      // Behind the bound there is no slice, but the predicate may want none.
      i64 const at = backward ? most - 1 - t : t;
      for (int i = 0; i < slice_count && t != most; ++i)
        if (slices[i].first)
          buffers[slices[i].slice] = static_cast<char*>(const_cast<void*>(slices[i].first)) + at * slices[i].bytes;
      if (predicate >= 0) {
        of.run(of.first, of.middle, buffers, extents);
        if (!*static_cast<bool const*>(buffers[predicate])) break;
        if (t == most) refuse_more();
      }
      for (int k = 0; k < state_count; ++k)
        if (states[k].places[0]) buffers[states[k].next] = states[k].places[t & 1];
      of.run(predicate >= 0 ? of.middle : of.first, of.last, buffers, extents);
      for (int k = 0; k < state_count; ++k) buffers[states[k].argument] = buffers[states[k].next];
    }
    for (int k = 0; k < state_count; ++k)
      if (loop_state const& s = states[k]; s.last && s.bytes > 0)
        std::memcpy(s.last, buffers[s.argument], static_cast<std::size_t>(s.bytes));
    return t;
  }

 private:
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_more() const {
    raise<errors::InvalidArgumentError>("The loop '%.*s' goes on after its maximum_iterations of %lld", of.name_size,
                                        of.name, static_cast<long long>(most));
  }
};

}  // namespace kernel

TFX_END
