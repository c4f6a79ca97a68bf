namespace Penstock.Generator.Operators;

/// <summary>The attribute of sliding windows. Their size is a multiple of their slide, so that slices are as long as the slide.</summary>
internal sealed class SlidingWindow() : WindowAttribute("Slide", offsetsStep: true)
{
    public override string Name => "SlidingWindowAttribute";

    public override string Example => "[SlidingWindow(\"1h\", Slide = \"1m\")]";
}
