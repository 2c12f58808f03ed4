import { Material, Mesh, type Object3D, type Scene } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

export async function readModel(bytes: ArrayBuffer): Promise<Object3D> {
  return (await new GLTFLoader().parseAsync(bytes, "")).scene;
}

/** What a place is painted with, by the names its file gives its materials. */
export interface Paints {
  painted: Material;
  water: Material;
  glow: Material;
}

/** Puts a place into the scene: its light is baked into its colours, its paints are ours. */
export function addScenery(scene: Scene, place: Object3D, paints: Paints): void {
  place.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    const { name } = object.material as Material;
    if (name === "painted" || name === "water" || name === "glow") object.material = paints[name];
    object.matrixAutoUpdate = false;
    object.updateMatrix();
  });
  place.updateMatrixWorld(true);
  scene.add(place);
}
