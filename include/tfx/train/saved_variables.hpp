// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>
#include <tfx/op/state/variable.hpp>

TFX_BEGIN

/// A variable as files know it: by its name. The key is what a session knows it by.
struct saved_variable {
  u64 key;
  dtype type;
  dims shape;
  std::string_view name;
};

namespace detail {
/// The variables that some expressions reach, in the order in which they are met, each once; those of initial values
/// too, as global_variables_initializer finds them.
struct reached_variables {
  vector<descriptor const*> list;
  int text = 0;                              // characters of all names
  descriptor const* another = nullptr;       // one whose name another variable has
  descriptor const* without_rank = nullptr;  // one whose shape nothing tells

  constexpr explicit reached_variables(descriptor const& root) {
    vector<descriptor const*> stack;
    numbering seen, keys, names;
    seen.of(root.hash);
    stack.push_back(&root);
    while (stack.count > 0) {
      descriptor const& d = *stack.items[--stack.count];
      if (is<variable_op>(d.op)) {
        int const known = keys.keys.count;
        if (keys.of(variable_key(d)) == known) add(d, names);
      }
      for (int i = d.input_count - 1; i >= 0; --i)
        if (int const met = seen.keys.count; seen.of(d.inputs[i]->hash) == met) stack.push_back(d.inputs[i]);
    }
  }

 private:
  constexpr void add(descriptor const& d, numbering& names) {
    int const known = names.keys.count;
    if (names.of(d.name_hash) < known) another = &d;
    if (!d.shape->is_known()) without_rank = &d;
    list.push_back(&d);
    text += static_cast<int>(d.name.size());
  }
};
template <u64 Root>
struct saved_variables {
  static constexpr reached_variables reach() { return reached_variables(*lookup(key<Root>{})); }
  struct sizes {
    int count, text;
    bool clash, untold;
  };
  static constexpr sizes measure() {
    reached_variables const found = reach();
    return {found.list.count, found.text, found.another != nullptr, found.without_rank != nullptr};
  }
  static constexpr sizes size = measure();
  static constexpr int count = size.count;

  struct frozen_text {
    char all[size.text + 1]{};
    constexpr frozen_text() {
      int at = 0;
      reached_variables const found = reach();
      for (descriptor const* const d : found.list)
        for (char const c : d->name) all[at++] = c;
    }
  };
  static constexpr frozen_text text{};
  struct frozen_list {
    saved_variable all[size.count + 1]{};
    constexpr frozen_list() {
      int at = 0, i = 0;
      reached_variables const found = reach();
      for (descriptor const* const d : found.list) {
        all[i++] = {variable_key(*d), d->type, *d->shape, {text.all + at, d->name.size()}};
        at += static_cast<int>(d->name.size());
      }
    }
  };
  static constexpr frozen_list list{};
};

/// Whose name a refusal says.
template <u64 Root>
struct clashing_variable {
  static constexpr refusal error{.text = reached_variables(*lookup(key<Root>{})).another->name};
};
template <u64 Root>
struct untold_variable {
  static constexpr refusal error{.text = reached_variables(*lookup(key<Root>{})).without_rank->name};
};
template <u64 Root>
constexpr void check_saved_variables() {
  constexpr auto size = saved_variables<Root>::size;
  static_assert(size.count > 0, "tfx: Saver: nothing that it is given reaches a variable");
  if constexpr (size.clash) {
    static_cast<void>(sizeof(duplicate_name<text_of<clashing_variable<Root>>>));
  } else if constexpr (size.untold) {
    static_cast<void>(sizeof(nothing_tells_shape_of<text_of<untold_variable<Root>>>));
  }
}
/// One hash for some expressions: that of the operation which initialises what they reach.
template <class... X>
inline constexpr u64 saved_root = result_with<initialize_op, "", words<1>, X...>::hash;
}  // namespace detail

TFX_END
