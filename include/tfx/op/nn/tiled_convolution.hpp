// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/convolution3d.hpp>
#include <tfx/op/nn/convolution.hpp>

TFX_BEGIN

// Convolutions of images and volumes, whose kernels are tiles of products of matrices.

template <class Family>
struct tiled_convolution_of_places : convolution_of_places<Family> {
  static constexpr void scratch(scratch_request& call) {
    dims padded = call.shape(0);
    padded[0] = 1;
    window const along = typename Family::attributes(call.attributes()).over(call.shape(1));
    Family::add_padded(call, padded, Family::padding_of(along, padded[Family::axes]));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), filter = Call::in_shape(1), out = result_shape<Call>();
    constexpr auto known = Family::facts(Call::attributes(), x, filter, out);
    if (call.count(x, 0, 1) * call.count(filter, Family::last, Family::last + 1) == 0) return;
    kernel::convolve<T, known>(Family::template readable<T>(call.template in<0>(), call.count(x), to),
                               Family::template readable<T>(call.template in<1>(), call.count(filter), to), to,
                               Family::extents(call, x, out), call.scratch(), epilogue);
  }

 private:
  /// Of which a kernel with an epilogue has no description.
  template <class Call>
  static constexpr dims result_shape() {
    dims out = Call::in_shape(0);
    out[Family::last] = Call::in_shape(1)[Family::last];
    return out;
  }
};

template <class Family>
struct tiled_convolution_of_image : convolution_of_image<Family> {
  static constexpr void scratch(scratch_request& call) {
    dims const &filter = call.shape(0), &dy = call.shape(1);
    typename Family::attributes const told(call.attributes());
    dims padded = dy;
    padded[0] = 1;
    call.add(call.type(0), filter);
    Family::add_padded(call, padded,
                       Family::padding_back(told.over(filter), told.result[Family::axes], dy[Family::axes]));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims filter = Call::in_shape(0), dy = Call::in_shape(1);
    constexpr dims image = typename Family::attributes(Call::attributes()).result;
    constexpr auto known = Family::facts(Call::attributes(), image, filter, dy);
    if (call.count(image) == 0) return;
    kernel::convolve_back<T, known>(Family::template readable<T>(call.template in<0>(), call.count(filter), to),
                                    Family::template readable<T>(call.template in<1>(), call.count(dy), to), to,
                                    Family::extents(call, image, dy), call.template scratch<0>(),
                                    call.template scratch<1>(), epilogue);
  }
};

template <class Family>
struct tiled_convolution_of_filter : convolution_of_filter<Family> {
  static constexpr void scratch(scratch_request& call) {
    dims const x = call.shape(0), dy = call.shape(1);
    typename Family::attributes const told(call.attributes());
    dims const filter = told.result;
    // What is kept of the parts that are summed up has no memory where an epilogue takes the results.
    if (call.has_epilogue) call.add(call.type(0), filter);
    auto const known = Family::facts(call.attributes(), x, filter, dy);
    dims padded = x;
    padded[0] = kernel::images_together(known, bytes_of(call.type(0)));
    Family::add_padded(call, padded, Family::padding_of(told.over(filter), x[Family::axes]));
  }
  template <class Call>
  static void run(Call const& call) {
    run(call, kernel::store_result{}, call.out());
  }
  template <class Call, class Epilogue, class T>
  static void run(Call const& call, Epilogue const& epilogue, T* to) {
    constexpr dims x = Call::in_shape(0), dy = Call::in_shape(1);
    constexpr dims filter = typename Family::attributes(Call::attributes()).result;
    constexpr auto known = Family::facts(Call::attributes(), x, filter, dy);
    constexpr int padded = Call::has_epilogue ? 1 : 0;
    if (call.count(filter) == 0) return;
    kernel::convolve_filter<T, known>(Family::template readable<T>(call.template in<0>(), call.count(x), to),
                                      Family::template readable<T>(call.template in<1>(), call.count(dy), to), to,
                                      Family::extents(call, x, dy), call.template scratch<padded>(), epilogue);
  }
};

TFX_END
