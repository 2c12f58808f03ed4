import { DirectionalLight, HemisphereLight, type Scene } from "three";

/** The studio's light: a warm low sun from the left, and a bright sky, as over the model village. */
export function lightStudio(scene: Scene, shadows: boolean): void {
  const sun = new DirectionalLight("#ffdfae", 2.7);
  sun.position.set(3.2, 3.6, -2.6);
  const rim = new DirectionalLight("#9cc0ff", 1.1);
  rim.position.set(-3, 2.4, 2.5);
  scene.add(sun, rim, new HemisphereLight("#dfeaff", "#c9a781", 2.05));
  if (!shadows) return;
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  const { camera } = sun.shadow;
  camera.left = camera.bottom = -2;
  camera.right = camera.top = 2;
  camera.near = 1;
  camera.far = 10;
  sun.shadow.radius = 5;
  sun.shadow.bias = -0.0008;
  sun.shadow.normalBias = 0.02;
}
