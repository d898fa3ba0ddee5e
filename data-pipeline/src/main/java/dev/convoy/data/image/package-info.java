/** From the bytes of an image file to 8-bit channel planes of the wanted shape. */
package dev.convoy.data.image;
