using System.Globalization;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A constant of the program: an argument of an attribute, or the default of a parameter.</summary>
internal abstract record ConstantModel;

/// <summary>Null, if its type follows from the context.</summary>
internal sealed record NullConstant : ConstantModel;

/// <summary>The default value of a type.</summary>
/// <param name="Type">The type; null if it follows from the context.</param>
/// <param name="IsReference">Whether that is null although the type at this place may not be nullable.</param>
internal sealed record DefaultConstant(TypeName? Type, bool IsReference) : ConstantModel;

/// <summary>A string, a character, a bool or a number.</summary>
/// <param name="Value">The value, of a built-in C# type.</param>
/// <param name="Type">The type to which a number is converted, such as an enum; null if it follows from the context.</param>
internal sealed record ScalarConstant(object Value, TypeName? Type) : ConstantModel
{
    // Equal numbers can be written differently, such as 1.0 and 1.00.
    public bool Equals(ScalarConstant? other) => other != null
        && Value.GetType() == other.Value.GetType()
        && Text == other.Text
        && Equals(Type, other.Type);

    public override int GetHashCode() => Text.GetHashCode();

    private string Text => Value is double or float
        ? ((IFormattable)Value).ToString("R", CultureInfo.InvariantCulture)
        : Convert.ToString(Value, CultureInfo.InvariantCulture)!;
}

/// <summary>A value of an enum.</summary>
/// <param name="Member">The member with this value; null if there is none.</param>
/// <param name="Value">The number.</param>
internal sealed record EnumConstant(TypeName Type, string? Member, ScalarConstant Value) : ConstantModel;

/// <summary>A type.</summary>
internal sealed record TypeConstant(TypeName Type) : ConstantModel;

/// <summary>An array of constants.</summary>
/// <param name="Element">The type of its elements.</param>
internal sealed record ArrayConstant(TypeName Element, EquatableArray<ConstantModel> Items) : ConstantModel;

/// <summary>An attribute as it is applied.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Arguments">The arguments of its constructor.</param>
/// <param name="Properties">The properties that it sets.</param>
internal sealed record AttributeModel(
    TypeName Type,
    EquatableArray<ConstantModel> Arguments,
    EquatableArray<PropertyConstant> Properties);

/// <summary>A property that an attribute sets.</summary>
internal sealed record PropertyConstant(string Name, ConstantModel Value);
