// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/derive_loop.hpp>
#include <tfx/op/math/matmul.hpp>

TFX_BEGIN

namespace detail {

/// Takes the derivatives of loops and branches.
class region_derivatives : protected loop_derivatives {
 protected:
  using loop_derivatives::loop_derivatives;

  /// Nodes in order: some, or all up to one.
  struct node_list {
    int const* ids;
    int count;

    constexpr int operator[](int i) const { return ids ? ids[i] : i; }
  };
  static constexpr node_list all_to(int last) { return {nullptr, last + 1}; }
  static constexpr node_list these(vector<int> const& ids) { return {ids.items, ids.count}; }

  /// The adjoints of all that these nodes are made of, from the last one on. Only marked nodes have some; `roots` are
  /// those whose adjoints were given.
  constexpr void sweep_back(node_list nodes, char const* marks, adjoint_list& adjoints, vector<int> const& roots) {
    sweep_back(nodes, nodes.count, marks, adjoints, roots, no_limit);
  }
  /// The same from the last of `left` nodes on, unless there are `most` nodes before. Gives how many are left.
  constexpr int sweep_back(node_list nodes, int left, char const* marks, adjoint_list& adjoints,
                           vector<int> const& roots, int most) {
    gradient_call call;
    call.graph = &out;
    for (; left > 0 && out.nodes.count < most; --left) {
      int const id = nodes[left - 1];
      if (!marks[id] || adjoints.of.items[id] < 0) continue;
      node const& n = out.nodes.items[id];
      if (n.input_count == 0 || n.op->is_constant) continue;
      if (n.op->kind == op_kind::output) {
        reverse_output(id, adjoints);
      } else if (n.op->kind == op_kind::region) {
        list_adjoints(id, adjoints, call.dys);
        reverse_region(id, nodes, marks, adjoints, call.dys, roots);
      } else {
        reverse_node(id, marks, adjoints, call);
      }
    }
    return left;
  }
  /// Unmarks what the bodies of loops among these nodes consist of: it has tangents there.
  constexpr void unmark_bodies(node_list nodes, char* marks) const {
    vector<char> inside(out.size(), 0);
    for (int i = 0; i < nodes.count; ++i) {
      node const& n = out.nodes[nodes[i]];
      if (!is<loop_op>(n.op)) continue;
      region_form const form(n, out.words_of(n));
      for (int k = 0; k < form.arguments; ++k) inside[out.input(n, form.first_argument + k)] = 1;
    }
    for (int i = 0; i < nodes.count; ++i) {
      int const id = nodes[i];
      node const& n = out.nodes[id];
      bool const is_region = n.op->kind == op_kind::region;
      int const outer = is_region ? region_form(n, out.words_of(n)).first_argument : n.input_count;
      for (int k = 0; k < outer; ++k) inside[id] = inside[id] || inside[out.input(n, k)];
      if (inside[id]) marks[id] = 0;
    }
  }
  /// The tangents of these nodes, of those that are marked.
  constexpr void sweep_forward(node_list nodes, char const* marks, tangent_list& tangents) {
    gradient_call call;
    call.graph = &out;
    for (int i = 0; i < nodes.count; ++i) {
      int const id = nodes[i];
      if (!marks[id] || tangents.of[id] >= 0) continue;
      node const& n = out.nodes[id];
      if (n.op->kind == op_kind::output) {
        forward_output(id, tangents);
      } else if (n.op->kind == op_kind::region) {
        forward_region(id, marks, tangents);
      } else {
        forward_node(id, tangents, call);
      }
    }
  }

 private:
  constexpr void reverse_region(int id, node_list nodes, char const* marks, adjoint_list& adjoints,
                                vector<handle> const& dys, vector<int> const& roots) {
    if (is<loop_op>(out.nodes[id].op)) {
      reverse_loop(id, marks, adjoints, vector<handle>(dys));
    } else {
      reverse_branch(id, nodes, marks, adjoints, vector<handle>(dys), roots);
    }
  }
  /// The sum over all iterations of a product aᵀ · b, which is one product of all rows of a and b.
  struct late_product {
    int of;  // what it is the adjoint of
    int a;   // a stack of the first loop, or, if `yields_a`, a yield of the new one
    int b;   // a yield of the new one
    bool yields_a;
  };
  /// Whether an adjoint is such a product, and b the adjoint of a slice, which is stacked in any case: then nothing is
  /// remembered but what a sum in the loop would need, too.
  constexpr bool sums_products(loop_derivative const& d, int adjoint, adjoint_list const& inside,
                               char const* marks) const {
    node const& n = out.nodes[adjoint];
    if (!d.form.follows_sequences() || !is<matmul_op>(n.op) || n.shape.rank != 2) return false;
    matmul_op::attributes const stored({out.words_of(n), n.word_count});
    if (!stored.transpose_a || stored.transpose_b) return false;
    int const b = out.input(n, 1);
    for (int q = 0; q < d.form.sequences; ++q)
      if (inside.of[d.inputs[d.form.sequence_argument(q)]] == b && marks[d.inputs[d.form.sequence(q)]]) return true;
    return false;
  }
  static constexpr int yield_of(loop_derivative& d, int id) {
    int y = 0;
    while (y < d.yields.count && d.yields[y] != id) ++y;
    if (y == d.yields.count) d.yields.push_back(id);
    return y;
  }
  constexpr late_product begin_product(loop_derivative& d, int of, int product) {
    int const a = out.input(out.nodes[product], 0), b = out.input(out.nodes[product], 1);
    if (is_first(d, a)) {
      int const taken = take(d, a);
      for (int q = 0; q < d.slices.count; ++q)
        if (d.slices[q] == taken) return {of, d.sequences[q], yield_of(d, b), false};
    }
    int const yielded = yield_of(d, a);
    return {of, yielded, yield_of(d, b), true};
  }
  constexpr handle rows_of_all(handle stack) {
    dims const shape = stack.shape();
    return reshape(stack, dims{2, {dims::unknown, shape[2]}});
  }

  /// A loop from the last iteration to the first: its states are the adjoints of the states, and the sums of those of
  /// what the body reads from outside; it yields the adjoints of slices. Where a product with a matrix from
  /// outside is added to a slice, the adjoint of the matrix is one product behind the loop.
  constexpr void reverse_loop(int id, char const* marks, adjoint_list& adjoints, vector<handle> const& dys) {
    loop_derivative d = begin_loop(id, marks);
    loop_form const form = d.form;
    if (form.has_predicate() && form.most < 0)
      return refuse_rule(*out.nodes[id].op, refusal_kind::gradient_of_endless_loop);
    int const before = d.differs.count;
    adjoint_list inside(before);
    vector<int> roots, varying;
    for (int k = 0; k < form.states; ++k) {
      if (!state_varies(d, k)) continue;
      varying.push_back(k);
      int const argument = add_state(d, dys[k] ? dys[k].id : zeros_of(d.inputs[form.initial(k)]).id);
      if (int const next = d.inputs[form.next(k)]; d.active[next]) {
        add_adjoint(inside, next, {&out, argument});
        roots.push_back(next);
      }
    }
    for (int y = 0; y < form.yields; ++y) {
      int const yield = d.inputs[form.yield(y)];
      handle const dy = dys[form.stack(y)];
      if (!dy || !d.active[yield] || !is_floating(out.nodes[yield].type)) continue;
      add_adjoint(inside, yield, {&out, add_sequence(d, dy.id)});
      roots.push_back(yield);
    }
    sweep_back(these(d.body), d.active.items, inside, roots);

    for (int const k : varying) {
      int const found = inside.of[d.inputs[form.argument(k)]];
      d.next.push_back(found >= 0 ? found : zeros_of(d.inputs[form.argument(k)]).id);
    }
    vector<int> read;  // from outside
    vector<late_product> products;
    for (int x = 0; x < before; ++x) {
      if (d.differs[x] || inside.of[x] < 0 || !is_floating(out.nodes[x].type)) continue;
      bool is_argument = false;
      for (int i = form.first_argument(); i < form.first_result(); ++i) is_argument = is_argument || d.inputs[i] == x;
      if (is_argument) continue;
      if (sums_products(d, inside.of[x], inside, marks)) {
        products.push_back(begin_product(d, x, inside.of[x]));
        continue;
      }
      read.push_back(x);
      handle const sum = {&out, add_state(d, zeros_of(x).id)};
      d.next.push_back((sum + handle{&out, inside.of[x]}).id);
    }
    vector<int> sliced, yielded;
    for (int q = 0; q < form.sequences; ++q) {
      int const found = inside.of[d.inputs[form.sequence_argument(q)]];
      if (found < 0 || !marks[d.inputs[form.sequence(q)]]) continue;
      sliced.push_back(q);
      yielded.push_back(yield_of(d, found));
    }
    if (d.initial.empty() && d.yields.empty()) return;
    handle const loop = finish_loop(d, true);
    int output = 0;
    auto const give = [&](int x, handle g) {
      if (marks[x] && is_floating(out.nodes[x].type)) add_adjoint(adjoints, x, g);
    };
    for (int const k : varying) give(d.inputs[form.initial(k)], output_of(loop, output++));
    for (int const x : read) give(x, output_of(loop, output++));
    for (int i = 0; i < sliced.count; ++i)
      give(d.inputs[form.sequence(sliced[i])], output_of(loop, output + yielded[i]));
    for (late_product const& p : products) {
      if (!marks[p.of]) continue;
      handle const a = p.yields_a ? output_of(loop, output + p.a) : handle{&out, p.a};
      give(p.of, matmul_op::product(rows_of_all(a), rows_of_all(output_of(loop, output + p.b)), true, false));
    }
  }

  /// A branch of the adjoints of what its bodies read from outside. What a body alone consists of is computed again in
  /// it.
  constexpr void reverse_branch(int id, node_list nodes, char const* marks, adjoint_list& adjoints,
                                vector<handle> const& dys, vector<int> const& roots) {
    branch_form const form(out.words_of(out.nodes[id]));
    vector<int> const inputs = inputs_of(id);
    vector<char> outside = needed_without(id, roots);
    vector<char> swept(out.size(), 0);
    for (int i = 0; i < nodes.count; ++i) swept[nodes[i]] = 1;
    for (int x = 0; x < swept.count; ++x) outside[x] = outside[x] || !swept[x];
    vector<int> read, of_body[2];
    for (int b = 0; b < 2; ++b) {
      vector<int> const body = body_of_branch(id, b, form, inputs, outside);
      adjoint_list inside(out.size());
      vector<int> given;
      for (int k = 0; k < form.values; ++k) {
        int const value = inputs[form.value(b, k)];
        if (!dys[k] || !marks[value] || !is_floating(out.nodes[value].type)) continue;
        add_adjoint(inside, value, dys[k]);
        given.push_back(value);
      }
      sweep_back(these(body), marks, inside, given);
      vector<char> own(inside.of.count, 0);
      for (int const x : body) own[x] = 1;
      for (int x = 0; x < inside.of.count; ++x) {
        if (inside.of[x] < 0 || own[x] || !is_floating(out.nodes[x].type) || out.nodes[x].op->has_outputs) continue;
        int place = 0;
        while (place < read.count && read[place] != x) ++place;
        if (place == read.count) {
          read.push_back(x);
          for (vector<int>& list : of_body) list.push_back(-1);
        }
        of_body[b][place] = inside.of[x];
      }
    }
    if (read.empty()) return;
    vector<int> values{};
    values.push_back(inputs[0]);
    for (vector<int> const& list : of_body)
      for (int i = 0; i < read.count; ++i) values.push_back(list[i] >= 0 ? list[i] : zeros_of(read[i]).id);
    i64 const words[] = {read.count};
    handle const branch = {&out, out.add(*out.nodes[id].op, values.items, values.count, words, 1)};
    for (int i = 0; i < read.count; ++i) add_adjoint(adjoints, read[i], output_of(branch, i));
  }
  /// What the roots need beside the bodies of a branch.
  constexpr vector<char> needed_without(int branch, vector<int> const& roots) const {
    vector<char> met(out.size(), 0);
    vector<int> stack = roots;
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (met[id]) continue;
      met[id] = 1;
      node const& n = out.nodes[id];
      for (int i = 0; i < (id == branch ? 1 : n.input_count); ++i) stack.push_back(out.input(n, i));
    }
    return met;
  }
  constexpr vector<int> body_of_branch(int id, int b, branch_form const& form, vector<int> const& inputs,
                                       vector<char> const& outside) const {
    vector<char> other(out.size(), 0), met(out.size(), 0);
    vector<int> stack, body;
    auto const reach = [&](int of_body, vector<char>& marks) {
      for (int k = 0; k < form.values; ++k) stack.push_back(inputs[form.value(of_body, k)]);
      while (!stack.empty()) {
        int const x = stack.back();
        stack.pop_back();
        if (marks[x] || outside[x]) continue;
        marks[x] = 1;
        for (int i = 0; i < out.nodes[x].input_count; ++i) stack.push_back(out.input(out.nodes[x], i));
      }
    };
    reach(1 - b, other);
    reach(b, met);
    for (int x = 0; x < met.count; ++x)
      if (met[x] && !other[x] && x != id && out.nodes[x].op->kind != op_kind::leaf) body.push_back(x);
    return body;
  }

  constexpr void forward_region(int id, char const* marks, tangent_list& tangents) {
    if (is<loop_op>(out.nodes[id].op)) {
      forward_loop(id, marks, tangents);
    } else {
      forward_branch(id, tangents);
    }
  }
  /// A loop whose states are the tangents of the states.
  constexpr void forward_loop(int id, char const* marks, tangent_list& tangents) {
    loop_derivative d = begin_loop(id, marks);
    loop_form const form = d.form;
    if (form.has_predicate() && form.most < 0)
      return refuse_rule(*out.nodes[id].op, refusal_kind::gradient_of_endless_loop);
    tangent_list inside(d.differs.count);
    for (int x = 0; x < d.differs.count && x < tangents.of.count; ++x)
      if (!d.differs[x]) inside.of[x] = tangents.of[x];
    vector<int> varying, moved(form.outputs(), -1);
    auto const tangent_of = [&](int x) { return x < tangents.of.count ? tangents.of[x] : -1; };
    for (int k = 0; k < form.states; ++k) {
      if (!state_varies(d, k)) continue;
      varying.push_back(k);
      int const initial = d.inputs[form.initial(k)], along = tangent_of(initial);
      inside.of[d.inputs[form.argument(k)]] = add_state(d, along >= 0 ? along : zeros_of(initial).id);
    }
    for (int q = 0; q < form.sequences; ++q)
      if (int const along = tangent_of(d.inputs[form.sequence(q)]); along >= 0)
        inside.of[d.inputs[form.sequence_argument(q)]] = add_sequence(d, along);
    unmark_bodies(these(d.body), d.active.items);
    sweep_forward(these(d.body), d.active.items, inside);
    int output = 0;
    for (int const k : varying) {
      int const found = inside.of[d.inputs[form.next(k)]];
      d.next.push_back(found >= 0 ? found : zeros_of(d.inputs[form.next(k)]).id);
      moved[k] = output++;
    }
    for (int y = 0; y < form.yields; ++y) {
      int const found = inside.of[d.inputs[form.yield(y)]];
      if (found < 0) continue;
      d.yields.push_back(found);
      moved[form.stack(y)] = output++;
    }
    if (output == 0) return;
    handle const loop = finish_loop(d, false);
    vector<handle> of_outputs(form.outputs());
    for (int k = 0; k < form.outputs(); ++k)
      if (moved[k] >= 0) of_outputs[k] = output_of(loop, moved[k]);
    keep_tangents(id, of_outputs, tangents);
  }
  constexpr void forward_branch(int id, tangent_list& tangents) {
    branch_form const form(out.words_of(out.nodes[id]));
    vector<int> const inputs = inputs_of(id);
    vector<int> moved, values[2];
    for (int k = 0; k < form.values; ++k) {
      int const a = tangents.of[inputs[form.value(0, k)]], b = tangents.of[inputs[form.value(1, k)]];
      if (a < 0 && b < 0) continue;
      moved.push_back(k);
      values[0].push_back(a >= 0 ? a : zeros_of(inputs[form.value(0, k)]).id);
      values[1].push_back(b >= 0 ? b : zeros_of(inputs[form.value(1, k)]).id);
    }
    if (moved.empty()) return;
    vector<int> all;
    all.push_back(inputs[0]);
    for (vector<int> const& list : values) all.append(list.items, list.count);
    i64 const words[] = {moved.count};
    handle const branch = {&out, out.add(*out.nodes[id].op, all.items, all.count, words, 1)};
    vector<handle> of_outputs(form.values);
    for (int i = 0; i < moved.count; ++i) of_outputs[moved[i]] = output_of(branch, i);
    keep_tangents(id, of_outputs, tangents);
  }
};

}  // namespace detail
TFX_END
