// SPDX-License-Identifier: Apache-2.0
// covers: keras/layers/conv3d_transpose keras/layers/separable_conv1d
#include <support/layer_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/keras/layers/conv3d_transpose.hpp>
#include <tfx/keras/layers/separable_conv1d.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using layer_test::bias, layer_test::check_layer, layer_test::extents, layer_test::kernel, layer_test::numbers,
    layer_test::some;
using op_test::same;

namespace {
template <class Y>
constexpr tf::dims shape_of_value = std::remove_cvref_t<Y>::shape_type::value;

/// How the steps of a sequence are read by filters of two elements.
struct reading {
  int stride, dilation, before, steps;
};
/// Filters of each channel, then of all, by loops: x [n, steps, channels], w [2, channels, m], v [1, channels · m, f].
template <class X, class W, class V, class B>
numbers separable(reading r, X const& x, W const& w, V const& v, B const& b) {
  numbers all;
  std::size_t const m = w.shape()[2], f = v.shape()[2];
  for (std::size_t n = 0; n < x.shape()[0]; ++n)
    for (int t = 0; t < r.steps; ++t)
      for (std::size_t k = 0; k < f; ++k) {
        double sum = b(k);
        for (std::size_t c = 0; c < v.shape()[1]; ++c)
          for (int i = 0; i < 2; ++i) {
            int const at = t * r.stride - r.before + i * r.dilation;
            if (at < 0 || at >= static_cast<int>(x.shape()[1])) continue;
            sum +=
                x(n, static_cast<std::size_t>(at), c / m) * w(static_cast<std::size_t>(i), c / m, c % m) * v(0, c, k);
          }
        all.push_back(sum);
      }
  return all;
}
}  // namespace

TEST_CASE("SeparableConv1D: values and gradients, causal ones too") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 2>);
  auto const xs = some<double, 3>({2, 5, 2}, 1);
  auto const w = some<double, 3>({2, 2, 2}, 2);
  auto const v = some<double, 3>({1, 4, 3}, 3);
  auto const b = some<double, 1>({3}, 4);
  auto const fed =
      std::tuple(x, kernel<"one/depthwise_kernel", double>(tf::shape<2, 2, 2>),
                 kernel<"one/pointwise_kernel", double>(tf::shape<1, 4, 3>), bias<"one/bias", double>(tf::shape<3>));
  auto const check = [&](auto const& y, reading r) {
    auto const value = check_layer(y, fed, std::tuple(xs, w, v, b));
    CHECK(extents(value) == numbers{2, double(r.steps), 3});
    CHECK(same(value, separable(r, xs, w, v, b), 1e-12));
  };
  check(layers::SeparableConv1D<3, 2, "one">(keras::depth_multiplier<2>, keras::strides<2>, keras::padding<"same">)(x),
        {2, 1, 0, 3});
  check(layers::SeparableConv1D<3, 2, "one">(keras::depth_multiplier<2>, keras::dilation_rate<2>,
                                             keras::padding<"causal">)(x),
        {1, 2, 2, 5});
}

TEST_CASE("Conv3DTranspose: values, and gradients for input, kernel and bias") {
  // ⟨y, conv(z)⟩ = ⟨transposed conv(y), z⟩ for every y and z.
  auto const y = keras::Input<"y", double>(tf::shape<2, 2, 3, 2>);
  auto const z = keras::Input<"z", double>(tf::shape<4, 2, 6, 1>);
  auto const back = layers::Conv3DTranspose<1, 3, 2, 2, "c">(keras::strides<2, 1, 2>, keras::padding<"same">)(y);
  auto const ahead =
      layers::Conv3D<2, 3, 2, 2, "c">(keras::strides<2, 1, 2>, keras::padding<"same">, keras::use_bias<false>)(z);
  auto const w = kernel<"c/kernel", double>(tf::shape<3, 2, 2, 1, 2>);
  auto const ys = some<double, 5>({1, 2, 2, 3, 2}, 1), zs = some<double, 5>({1, 4, 2, 6, 1}, 2);
  auto const ws = some<double, 5>({3, 2, 2, 1, 2}, 3);
  auto const b = bias<"c/bias", double>(tf::shape<1>);
  tf::Session sess;
  auto const zero = some<double, 1>({1}, 4) * 0.0;
  auto const [left, right] = sess.run(tf::fetch(tf::reduce_sum(y * ahead), tf::reduce_sum(back * z)), y = ys, z = zs,
                                      w = ws, b = xt::xtensor<double, 1>(zero));
  CHECK(op_test::near(left, right, 1e-12));
  check_layer(back, std::tuple(y, w, b), std::tuple(ys, ws, some<double, 1>({1}, 4)));

  constexpr auto x = keras::Input(tf::shape<3, 4, 5, 2>);
  constexpr tf::i64 batch = keras::batch.extent;
  static_assert(shape_of_value<decltype(layers::Conv3DTranspose<4, 3>(keras::strides<1, 2, 2>)(x))> ==
                tf::dims{5, {batch, 5, 9, 11, 4}});
  static_assert(shape_of_value<decltype(layers::Conv3DTranspose<4, 3>(keras::strides<2>, keras::padding<"same">,
                                                                      keras::output_padding<1, 0, 1>)(x))> ==
                tf::dims{5, {batch, 6, 7, 10, 4}});
}

TEST_CASE("separable convolutions of sequences and transposed ones of volumes in a model") {
  auto const steps = keras::Sequential(keras::Input(tf::shape<6, 2>), layers::SeparableConv1D<4, 3>());
  static_assert(decltype(steps)::parameter_count == 6 + 8 + 4);
  CHECK(steps.summary().find("separable_conv1d ") != std::string::npos);
  auto const volumes = keras::Sequential(keras::Input(tf::shape<2, 2, 2, 3>), layers::Conv3DTranspose<2, 2>());
  static_assert(decltype(volumes)::parameter_count == 8 * 2 * 3 + 2);
  CHECK(volumes.summary().find("conv3d_transpose ") != std::string::npos);
}
