// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/shape/window.hpp>
#include <vector>

/// Convolutions as plain loops over what they are defined by.
namespace convolution_test {

using numbers = std::vector<double>;
using tfx::i64;
using tfx::window_axis;

struct sizes {
  i64 n, h, w, c, f;
  window_axis y, x;

  i64 rows() const { return y.places(h); }
  i64 columns() const { return x.places(w); }
  std::size_t image() const { return static_cast<std::size_t>(n * h * w * c); }
  std::size_t filter() const { return static_cast<std::size_t>(y.size * x.size * c * f); }
  std::size_t result() const { return static_cast<std::size_t>(n * rows() * columns() * f); }

  /// f(place in the image, in the filter, in the result) for each product.
  template <class F>
  void for_products(F use) const {
    for (i64 i = 0; i < n; ++i)
      for (i64 oy = 0; oy < rows(); ++oy)
        for (i64 ox = 0; ox < columns(); ++ox)
          for (i64 ky = 0; ky < y.size; ++ky)
            for (i64 kx = 0; kx < x.size; ++kx) {
              i64 const iy = oy * y.stride - y.before(h) + ky * y.dilation;
              i64 const ix = ox * x.stride - x.before(w) + kx * x.dilation;
              if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
              for (i64 k = 0; k < c; ++k)
                for (i64 o = 0; o < f; ++o)
                  use(static_cast<std::size_t>(((i * h + iy) * w + ix) * c + k),
                      static_cast<std::size_t>(((ky * x.size + kx) * c + k) * f + o),
                      static_cast<std::size_t>(((i * rows() + oy) * columns() + ox) * f + o));
            }
  }
  numbers convolve(numbers const& image, numbers const& weights) const {
    numbers out(result(), 0.0);
    for_products([&](std::size_t i, std::size_t w_at, std::size_t o) { out[o] += image[i] * weights[w_at]; });
    return out;
  }
  numbers back(numbers const& weights, numbers const& dy) const {
    numbers out(image(), 0.0);
    for_products([&](std::size_t i, std::size_t w_at, std::size_t o) { out[i] += dy[o] * weights[w_at]; });
    return out;
  }
  numbers filter_of(numbers const& image, numbers const& dy) const {
    numbers out(filter(), 0.0);
    for_products([&](std::size_t i, std::size_t w_at, std::size_t o) { out[w_at] += dy[o] * image[i]; });
    return out;
  }
};

}  // namespace convolution_test
