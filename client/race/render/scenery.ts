import { Material, Mesh, MeshBasicMaterial, type Object3D, type Scene } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

export async function readModel(bytes: ArrayBuffer): Promise<Object3D> {
  return (await new GLTFLoader().parseAsync(bytes, "")).scene;
}

/** Puts a place into the scene: its light is baked into its colours, its water is ours. */
export function addScenery(scene: Scene, place: Object3D, water: Material): void {
  const painted = new MeshBasicMaterial({ vertexColors: true });
  place.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    const name = (object.material as Material).name;
    if (name === "water") object.material = water;
    else if (name === "painted") object.material = painted;
    object.matrixAutoUpdate = false;
    object.updateMatrix();
  });
  place.updateMatrixWorld(true);
  scene.add(place);
}
