// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/transpose.hpp>

TFX_BEGIN

/// How high and wide a block of pixels is: `block_size<2>`.
template <i64 N>
struct block_size_t {};
template <i64 N>
  requires(N > 0)
inline constexpr block_size_t<N> block_size{};

/// What moving pixels into channels, and back, share. Word: the height and width of a block.
struct blocks_op {
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true};

  /// x in six `parts`, in another order of axes, in the shape of the result.
  static constexpr void rearrange(simplification& call, dims const& parts, i64 const (&order)[6]) {
    handle const x = call.x(0);
    handle const turned = add_node(info<transpose_op>, order, 6, reshape(x, parts));
    call.result = reshape(turned, call.self.shape).id;
  }
  template <class Op>
  static constexpr handle back(auto& call) {
    i64 const words[] = {call.attributes()[0]};
    return add_node<Op>(words, 1, call.dy);
  }
};

/// Blocks of pixels as channels of one. Gradient: depth_to_space of dy.
struct space_to_depth_op : blocks_op {
  static constexpr auto name = "SpaceToDepth";
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    i64 const block = call.attributes()[0];
    if (x.rank != 4) return call.refuse(refusal_kind::rank, x);
    for (int i = 1; i < 3; ++i)
      if (x[i] > 0 && x[i] % block != 0) return call.refuse(refusal_kind::uneven_blocks, x, {}, i);
    call.shape = x;
    for (int i = 1; i < 3; ++i) call.shape[i] = call.derived(extent_rule::blocks, x[i], block);
    call.shape[3] = call.derived(extent_rule::multiply, x[3], block * block);
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) {
    i64 const block = call.attributes()[0];
    dims const x = call.x(0).shape(), to = call.self.shape;
    rearrange(call, {6, {x[0], to[1], block, to[2], block, x[3]}}, {0, 1, 3, 2, 4, 5});
  }
};

/// Channels as blocks of pixels. Gradient: space_to_depth of dy.
struct depth_to_space_op : blocks_op {
  static constexpr auto name = "DepthToSpace";
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    i64 const block = call.attributes()[0];
    if (x.rank != 4) return call.refuse(refusal_kind::rank, x);
    if (x[3] > 0 && x[3] % (block * block) != 0) return call.refuse(refusal_kind::uneven_blocks, x, {}, 3);
    call.shape = x;
    for (int i = 1; i < 3; ++i) call.shape[i] = call.derived(extent_rule::multiply, x[i], block);
    call.shape[3] = call.derived(extent_rule::blocks, x[3], block * block);
  }
  static constexpr void gradient(auto& call) { call.dx[0] = back<space_to_depth_op>(call); }
  static constexpr void simplify(simplification& call) {
    i64 const block = call.attributes()[0];
    dims const x = call.x(0).shape(), to = call.self.shape;
    rearrange(call, {6, {x[0], x[1], x[2], block, block, to[3]}}, {0, 1, 3, 2, 4, 5});
  }
};
constexpr void space_to_depth_op::gradient(auto& call) { call.dx[0] = back<depth_to_space_op>(call); }

/// Images [n, h, w, c] with each block of b × b pixels as one, [n, h/b, w/b, b · b · c]: its rows, then its columns,
/// then their channels. `space_to_depth(x, block_size<2>)`. h and w are multiples of b. TensorFlow: SpaceToDepth.
template <name Name = "", expression X, i64 B>
constexpr result_with<space_to_depth_op, Name, words<B>, X> space_to_depth(X const& x, block_size_t<B>) {
  return apply<space_to_depth_op, Name, words<B>>(x);
}
/// The way back: [n, h, w, b · b · c] as [n, h · b, w · b, c], `depth_to_space(x, block_size<2>)`. TensorFlow:
/// DepthToSpace.
template <name Name = "", expression X, i64 B>
constexpr result_with<depth_to_space_op, Name, words<B>, X> depth_to_space(X const& x, block_size_t<B>) {
  return apply<depth_to_space_op, Name, words<B>>(x);
}

TFX_END
