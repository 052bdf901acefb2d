export const S = {
  name: 1,
  description: 1,
  server: 0.5,
  pn: 0.5,
  pt: 0.5,
  mean: 0.8,
  cosine: 1.5,
  bonus: 0,
  best: 3,
  gloss: true,
  floor: 0,
};
