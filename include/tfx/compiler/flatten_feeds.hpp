// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/flatten_leaves.hpp>
#include <tfx/compiler/same_content.hpp>

TFX_BEGIN

namespace detail {

struct flattened_feed {
  u64 identity;
  int node;
  bool used;
  bool computed;  // but for the feed, from inputs
  descriptor const* target;
};

/// Makes nodes of what is fed, which cuts what is behind it, and sees to it that a name is that of one tensor.
class feed_flattener : public leaf_flattener {
 protected:
  vector<flattened_feed> feeds_;
  bool feeds_computed_ = false;     // some of them
  bool goes_behind_feeds_ = false;  // since derivatives do
  numbering names_;
  vector<descriptor const*> named_;  // by number in `names_`: what bears the name

  // A feed declares what is known of the value; the tensor's own shape must agree with it.
  constexpr void add_feed(descriptor const& feed) {
    descriptor const& target = *feed.inputs[0];
    for (flattened_feed const& earlier : feeds_)
      if (earlier.identity == identity_of(target)) refuse_feed(refusal_kind::duplicate_feed, target);
    for (int i = 0; i < target.number_count; ++i)
      if (is_anonymous(target.numbers[i])) refuse_feed(refusal_kind::unnamed_feed, target);
    dims shape = own_shape(target);
    dims const& given = *feed.shape;
    if (!shape.is_known()) {
      shape = own_shape(feed);
      if (!shape.is_known()) refuse_feed(refusal_kind::feed_rank, target);
    } else if (given.is_known()) {
      bool fits = given.rank == shape.rank;
      for (int i = 0; fits && i < shape.rank; ++i)
        if (given[i] >= 0) fits = out.symbols.unify(shape[i], given[i]);
      if (!fits) refuse_feed(refusal_kind::feed_shape, target, given);
    }
    node n;
    n.op = &info<placeholder_op>;
    n.type = target.type;
    n.shape = shape;
    n.identity = identity_of(target);
    n.name = spoken_name(target);
    i64 const fed_variable = 1;
    int const words = is<variable_op>(target.op) ? 1 : 0;
    feeds_.push_back(
        {n.identity, out.append(n, nullptr, 0, &fed_variable, words), false, is_computed(target), &target});
    feeds_computed_ = feeds_computed_ || is_computed(target);
    if (is<placeholder_op>(target.op) || is<variable_op>(target.op)) note_name(target);
  }

  constexpr void refuse_feed(refusal_kind why, descriptor const& target, dims const& given = {}) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = target.op;
    out.error.text = spoken_name(target);
    out.error.first = *target.shape;
    out.error.second = given;
  }

  constexpr void note_name(descriptor const& d) {
    int const known = names_.of(d.name_hash);
    if (known == named_.count) return named_.push_back(&d);
    descriptor const& other = *named_.items[known];
    if (other.hash == d.hash || out.error.kind != refusal_kind::none || same_content(other, d)) return;
    out.error.kind = refusal_kind::duplicate_name;
    out.error.text = d.name;
  }

  constexpr bool is_fed(descriptor const& d) const {
    for (flattened_feed const& f : feeds_)
      if (f.identity == d.hash) return true;
    return false;
  }
  constexpr int feed_behind(flattened_feed const& f, int computed) {
    int const both[] = {f.node, computed};
    return out.add(info<fed_op>, both, 2, nullptr, 0);
  }
};

}  // namespace detail
TFX_END
