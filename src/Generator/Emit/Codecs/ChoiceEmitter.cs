using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits how objects with a type discriminator are read and written.</summary>
internal sealed class ChoiceEmitter(CodeWriter code, TreeMethods methods)
{
    /// <summary>Emits the field with the discriminators of the types.</summary>
    public void EmitKinds(ColumnModel value, ChoiceModel choice)
    {
        var kinds = Read(choice).Select(static variant => CodecNames.Literal(Discriminator(variant)!));
        code.Line(
            $"private static readonly {CodecNames.Formats}JsonDiscriminators {methods.Of(value)}Kinds = new({CodecNames.Literal(choice.Name)}, [{string.Join(", ", kinds)}]);");
    }

    /// <summary>Emits the method that reads an object as its type.</summary>
    public void EmitReader(ColumnModel value, ChoiceModel choice)
    {
        var suffix = methods.Of(value);
        var read = Read(choice);
        code.Line();
        code.Line(
            $"/// <summary>Reads an object of type {CSharp.Comment(methods.TypeOf(value.Tree!).Name)}, or of one that derives from it.</summary>");
        using (code.Braces(
            $"private static bool Read{suffix}(ref {CodecNames.Formats}JsonTreeReader json, {ReadVariables.OutParameter(value.Type, value.Tree!.IsValue)})"))
        {
            code.Line($"value = {ReadVariables.Nothing(value.Tree.IsValue)};");
            using (code.Braces($"switch (json.ReadDiscriminator({suffix}Kinds))"))
            {
                for (var i = 0; i < read.Count; i++)
                {
                    EmitCase($"case {i}:", read[i].Type, read[i].Nested);
                }

                if (choice.Base != null)
                {
                    EmitCase(
                        $"case {CodecNames.Formats}JsonDiscriminators.None{(choice.IgnoresUnknown ? $" or {CodecNames.Formats}JsonDiscriminators.Unknown" : "")}:",
                        value.Tree.Type,
                        choice.Base);
                }

                code.Line("default:");
                using (code.Indent())
                {
                    code.Line($"return json.FailDiscriminator({suffix}Kinds);");
                }
            }
        }
    }

    /// <summary>Emits the method that writes an object by its type.</summary>
    public void EmitWriter(ColumnModel value, ChoiceModel choice)
    {
        var written = Written(methods, value, choice).ToList();
        foreach (var (type, _, variant, _) in written.Where(variant => variant.Type != value.Tree!.Type
            || choice.Unknown != UnknownVariant.AsBase))
        {
            EmitIf($"value.GetType() == typeof({type})", variant, type);
        }

        if (choice.Unknown == UnknownVariant.AsNearest)
        {
            foreach (var (type, _, variant, _) in written.OrderByDescending(variant => choice.Variants.FirstOrDefault(known =>
                known.Type == variant.Type)?.Depth
                ?? 0))
            {
                EmitIf($"value is {type}", variant, type);
            }
        }

        if (choice.Unknown == UnknownVariant.AsBase
            && written.FirstOrDefault(variant => variant.Type == value.Tree!.Type) is { Suffix: { } itself })
        {
            code.Line($"Write{itself}(json, value);");
            return;
        }

        code.Line($"throw {CodecNames.Formats}RowGuard.UnknownType(value, typeof({value.Tree!.Type}));");

        void EmitIf(string condition, string method, TypeName type)
        {
            using (code.Braces($"if ({condition})"))
            {
                code.Line($"Write{method}(json, ({type})value);");
                code.Line("return;");
            }

            code.Line();
        }
    }

    /// <summary>The types that are written, each with the suffix of its method and its discriminator, if any.</summary>
    public static IEnumerable<(TypeName Type, string Nested, string Suffix, string? Discriminator)> Written(
        TreeMethods methods, ColumnModel value, ChoiceModel choice)
    {
        foreach (var variant in choice.Variants)
        {
            yield return (variant.Type, variant.Nested, methods.VariantOf(value, variant.Nested), Discriminator(variant));
        }

        if (choice.Base != null && choice.Variants.All(variant => variant.Type != value.Tree!.Type))
        {
            yield return (value.Tree!.Type, choice.Base, methods.VariantOf(value, choice.Base), null);
        }
    }

    // A variant without a discriminator is only written.
    private static List<VariantModel> Read(ChoiceModel choice) => [.. choice.Variants.Where(static variant => variant.Value != null)];

    private static string? Discriminator(VariantModel variant) =>
        variant is { IsText: true, Value: { } text } ? $"\"{CodecNames.JsonEscaped(text)}\"" : variant.Value;

    private void EmitCase(string label, TypeName type, string nested)
    {
        var local = Identifier.Escape(new Names(["json", "value", "isRead"]).Take(Identifier.Camel(methods.TypeOf(nested).Name)));
        code.Line(label);
        using (code.Braces())
        {
            code.Line($"var isRead = Read{methods.Of(TreeMethods.ObjectOf(type, nested))}(ref json, out var {local});");
            code.Line($"value = {local};");
            code.Line("return isRead;");
        }

        code.Line();
    }
}
